/**
 * What of Hubot the script touches (Hubot 11 to 14).
 *
 * @see https://hubotio.github.io/hubot/docs
 *
 * @typedef {object} Robot
 * @property {string} name
 * @property {string} [adapterName]
 * @property {Brain} brain
 * @property {Router} router
 * @property {{ info(text: string): void, warn(text: string): void, error(text: string): void }} logger
 * @property {(folder: string, file: string) => Promise<unknown>} loadFile
 * @property {(pattern: RegExp, options: ListenerOptions, callback: (response: Response) => Promise<void>) => void} respond
 * @property {(room: string, ...texts: string[]) => Promise<unknown>} messageRoom
 *
 * @typedef {{ get(key: string): unknown, set(key: string, value: unknown): unknown, save(): void }} Brain
 * @typedef {{ post(path: string, handler: (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => Promise<void>): void }} Router
 * @typedef {{ id: string, hubotDeployAuthenticate?: boolean }} ListenerOptions
 *
 * @typedef {object} Response
 * @property {RegExpMatchArray} match
 * @property {Message} message
 * @property {(...texts: string[]) => Promise<unknown>} reply
 *
 * @typedef {object} Message
 * @property {User} user
 * @property {string} [room]
 * @property {string | number} [id]
 * @property {{ thread_id?: string | number }} [metadata]
 * @property {string} [thread_ts]
 *
 * @typedef {{ id: string | number, name?: string, room?: string, email_address?: string }} User
 */
export {}

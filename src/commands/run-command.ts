import type { Actor } from '../access/actor.ts'
import type { Command, Reply } from './command.ts'

/** Does what somebody asks for, through the same operations as the dashboard and the command line, and says what came of it. */
export type RunCommand = (actor: Actor, command: Command) => Promise<Reply>

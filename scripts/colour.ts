/** Whether to write in colour: on a terminal, unless NO_COLOR (https://no-color.org) is set. */
export function inColour(stream: { isTTY?: boolean } = process.stdout): boolean {
  return Boolean(stream.isTTY) && !process.env.NO_COLOR
}

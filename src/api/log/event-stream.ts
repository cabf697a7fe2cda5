/** An event as `text/event-stream` has it. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function event({ id, event, data }: { id?: string; event?: string; data: string }): string {
  const fields = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(event === undefined ? [] : [`event: ${event}`]),
    // Whatever ends a line there would end the field here.
    ...data.split(/\r\n|\r|\n/).map((line) => `data: ${line}`),
  ]
  return `${fields.join('\n')}\n\n`
}

/** What is sent to be heard, and read by nobody. */
export function comment(text: string): string {
  return `: ${text}\n\n`
}

/** A server-sent event as a browser would have it. */
export interface ReadEvent {
  event: string
  data: string
  id?: string
}

/** Opens a stream of events; `leave` goes away in the middle of it. */
export async function readEvents(url: string, headers: Record<string, string>) {
  const leaving = new AbortController()
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: leaving.signal,
  })
  return {
    status: response.status,
    headers: response.headers,
    events: parse(response.body ?? new ReadableStream()),
    leave: () => leaving.abort(),
  }
}

async function* parse(body: ReadableStream): AsyncGenerator<ReadEvent> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const event = toEvent(text.slice(0, end).split('\n'))
      text = text.slice(end + 2)
      if (event) yield event
    }
  }
}

function toEvent(lines: string[]): ReadEvent | undefined {
  const fields = lines
    .map((line) => /^(\w+): (.*)$/s.exec(line))
    .map((match) => ({ name: match?.[1], value: match?.[2] ?? '' }))
  const data = fields.filter(({ name }) => name === 'data').map(({ value }) => value)
  if (data.length === 0) return undefined
  const find = (wanted: string) => fields.find(({ name }) => name === wanted)?.value
  const id = find('id')
  return { event: find('event') ?? 'message', data: data.join('\n'), ...(id === undefined ? {} : { id }) }
}

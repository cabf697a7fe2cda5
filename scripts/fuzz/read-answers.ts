/** What came back on a connection. */
export interface Answer {
  status: number
  headers: Map<string, string>
  body: string
  /** It goes on, and is not waited for: events. */
  isStream: boolean
}

const crlf = '\r\n'

/**
 * Reads answers off the bytes of a connection, one after the other. `heads` says which are to HEAD. What is not whole yet is not
 * among them. Throws if it is no HTTP.
 */
export function readAnswers(bytes: Buffer, heads: readonly boolean[], isOver: boolean): Answer[] {
  const text = bytes.toString('latin1')
  const answers: Answer[] = []
  for (let at = 0; at < text.length; ) {
    const read = readAnswer(text, at, heads[answers.length], isOver)
    if (read === undefined) break
    at = read.end
    // The interim answer to `Expect`.
    if (read.answer.status >= 200) answers.push(read.answer)
    if (read.answer.isStream) break
  }
  return answers
}

function readAnswer(text: string, from: number, knownHead: boolean | undefined, isOver: boolean) {
  const headEnd = text.indexOf(crlf + crlf, from)
  if (headEnd < 0) return undefined
  const [first = '', ...lines] = text.slice(from, headEnd).split(crlf)
  const status = Number(/^HTTP\/1\.1 (\d{3}) ?/.exec(first)?.[1])
  if (Number.isNaN(status)) throw new Error(`This is no answer: ${JSON.stringify(first.slice(0, 100))}`)
  const headers = new Map(lines.map(readHeader))
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') ?? false
  const at = headEnd + 4
  // Of what was no proper request it is not known whether it was taken for HEAD.
  const isHead = knownHead ?? (text.startsWith('HTTP/1.1 ', at) || (isOver && text.length === at))
  if (isHead || status < 200 || status === 204 || status === 304 || isStream) {
    return { answer: { status, headers, body: '', isStream }, end: at }
  }
  const found = readBody(text, at, headers, isOver)
  return found && { answer: { status, headers, body: found.body, isStream }, end: found.end }
}

function readHeader(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

function readBody(text: string, at: number, headers: Map<string, string>, isOver: boolean) {
  const length = headers.get('content-length')
  if (length !== undefined) {
    const end = at + Number(length)
    return text.length < end ? undefined : { body: text.slice(at, end), end }
  }
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(text, at)
  return isOver ? { body: text.slice(at), end: text.length } : undefined
}

function readChunks(text: string, from: number) {
  let body = ''
  for (let at = from; ; ) {
    const lineEnd = text.indexOf(crlf, at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(text.slice(at, lineEnd), 16)
    const end = lineEnd + 2 + size + 2
    if (text.length < end) return undefined
    if (size === 0) return { body, end }
    body += text.slice(lineEnd + 2, lineEnd + 2 + size)
    at = end
  }
}

import type { Header } from './secrets.ts'

/** A request before it is bytes. What is odd about it is put in by the twists. */
export interface Message {
  method: string
  target: string
  version: string
  headers: Header[]
  body: Buffer
  framing: 'length' | 'chunked' | 'none'
}

/** What is sent on one connection, and what must come of it. */
export interface Case {
  /** What it is of, for people. */
  kind: string
  /** Written one after the other. */
  pieces: Buffer[]
  /** Between two pieces. */
  pauseMs: number
  /** Whether each expected answer is one to HEAD, which has no body. */
  heads: boolean[]
  /** All of these answers must come; or, since it is no proper HTTP, whatever comes. */
  expects: 'all' | 'anything'
  /** What we do once all is written: wait for the answers, close our half, or break it off. */
  ending: 'wait' | 'close' | 'break'
}

/** The bytes of a request; latin1, so that each character of a header is one byte of any value. */
export function bytesOf({ method, target, version, headers, body, framing }: Message): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  if (framing === 'length') lines.push(`Content-Length: ${body.length}`)
  if (framing === 'chunked') lines.push('Transfer-Encoding: chunked')
  const head = [`${method} ${target} ${version}`, ...lines, '', ''].join('\r\n')
  const rest = framing === 'chunked' ? chunksOf(body) : [body]
  return Buffer.concat([Buffer.from(head, 'latin1'), ...(framing === 'none' ? [] : rest)])
}

const chunkBytes = 16 * 1024

function chunksOf(body: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < body.length; at += chunkBytes) {
    const chunk = body.subarray(at, at + chunkBytes)
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'))
  }
  return [...chunks, Buffer.from('0\r\n\r\n')]
}

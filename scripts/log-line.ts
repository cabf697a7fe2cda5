import { styleText } from 'node:util'

const levels: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}

/** What every line has; the rest is told after the message. */
const known = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg'])

/** One of our processes' log lines (pino's JSON) for a person to read; anything else as it is. */
export function readableLogLine(line: string, process: string, colour: boolean): string {
  const record = parse(line)
  if (!record) return `${process.padEnd(8)}  ${line}`
  const level = levels[record.level] ?? String(record.level)
  const time = new Date(record.time).toTimeString().slice(0, 8)
  const details = Object.entries(record)
    .filter(([key]) => !known.has(key))
    .map(([key, value]) => `${key}=${detail(value)}`)
  const text = [time, process.padEnd(8), level.padEnd(5), record.msg, ...details].join('  ').trimEnd()
  if (!colour || record.level < 40) return text
  return styleText(record.level < 50 ? 'yellow' : 'red', text)
}

type Record_ = Record<string, unknown> & { level: number; time: number; msg: string }

function parse(line: string): Record_ | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const record = JSON.parse(line)
    const isOurs = typeof record.level === 'number' && typeof record.time === 'number'
    return isOurs ? { msg: '', ...record } : undefined
  } catch {
    return undefined
  }
}

function detail(value: unknown): string {
  if (typeof value === 'string') return value
  if (isError(value)) return value.stack ?? value.message
  return JSON.stringify(value)
}

function isError(value: unknown): value is { message: string; stack?: string } {
  return typeof value === 'object' && value !== null && 'message' in value
}

import type { Random } from '../faults/random.ts'
import { oddJson } from './odd-values.ts'

/** Puts odd values into the JSON of a payload: at places that it has, beside them under the same name, or instead of all. */
export function mutateJson(random: Random, payload: unknown): string {
  const text = JSON.stringify(payload)
  const places = placesIn(text)
  if (places.length === 0 || random.whole(0, 30) === 0) return oddJson(random)
  const times = random.whole(1, 4)
  const chosen = Array.from({ length: times }, () => random.pick(places)).sort((a, b) => b.from - a.from)
  return chosen.reduce((changed, place) => changeAt(random, changed, place), text)
}

interface Place {
  name: string
  from: number
  to: number
}

/** Values that are texts, numbers or words; objects and lists are reached by the name before them. */
function placesIn(text: string): Place[] {
  const shape = /"((?:[^"\\]|\\.){1,60})":("(?:[^"\\]|\\.)*"|-?[\d.eE+]+|true|false|null|[{[])/g
  return [...text.matchAll(shape)].map((match) => {
    const [whole, name = '', value = ''] = match
    return { name, from: match.index + whole.length - value.length, to: match.index + whole.length }
  })
}

function changeAt(random: Random, text: string, { name, from, to }: Place): string {
  const value = oddJson(random)
  const opens = /[{[]/.test(text.slice(from, to))
  const changes = [
    // An object that was opened goes on below the value's name: its fields are the next ones then.
    () =>
      `${text.slice(0, from)}${value}${opens ? `,"${name}_":${text.slice(from, to)}` : ''}${text.slice(to)}`,
    () => `${text.slice(0, from)}${value},"${name}":${text.slice(from)}`,
    () => `${text.slice(0, from)}null,"x":${text.slice(from)}`,
  ]
  return random.pick(changes)()
}

/** Bytes are turned, taken out, doubled or put in. */
export function mutateBytes(random: Random, bytes: Buffer): Buffer {
  const at = random.whole(0, bytes.length + 1)
  const length = random.whole(1, 9)
  const odd = Buffer.from(
    Array.from({ length }, () => random.pick([0, 0x80, 0xc0, 0xed, 0xff, 0x22, 0x0a, 0x5c])),
  )
  const changes = [
    () => Buffer.concat([bytes.subarray(0, at), odd, bytes.subarray(at)]),
    () => Buffer.concat([bytes.subarray(0, at), odd, bytes.subarray(at + length)]),
    () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
    () => bytes.subarray(0, at),
    () => Buffer.concat([bytes, bytes.subarray(at)]),
  ]
  return random.pick(changes)()
}

import type { Random } from '../faults/random.ts'
import { oddText } from './odd-values.ts'

const values = [
  '1',
  'acme',
  'shop',
  'production',
  '0',
  '-1',
  '99999999999999999999',
  'a%2Fb',
  '%00',
  '%ff',
  '..',
  '__proto__',
]
const queries = [
  'limit',
  'before',
  'after',
  'repository',
  'environment',
  'state',
  'event',
  'to',
  'failed',
  'code',
  'from',
]

/** An address of a route, with values in the places of its parameters. */
export function targetOf(random: Random, url: string): string {
  const path = url.replaceAll(/:\w+|\*/g, () =>
    random.whole(0, 6) === 0 ? encodeOdd(random) : random.pick(values),
  )
  return random.whole(0, 3) === 0 ? `${path}?${queryOf(random)}` : path
}

function queryOf(random: Random): string {
  const count = random.whole(0, 12) === 0 ? random.whole(50, 800) : random.whole(1, 4)
  const pairs = Array.from({ length: count }, () => {
    const name = random.pick([...queries, 'a[__proto__][b]', '__proto__', 'constructor', ''])
    return `${name}=${random.whole(0, 2) === 0 ? random.pick(values) : encodeOdd(random)}`
  })
  return pairs.join('&').slice(0, 12_000)
}

/** Some of it as it is, which is no proper encoding. */
function encodeOdd(random: Random): string {
  const text = oddText(random).slice(0, 1500)
  const encoded = Buffer.from(text)
    .toString('latin1')
    .replaceAll(/[^\w.-]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return random.whole(0, 8) === 0 ? text : encoded
}

/** Ways to write an address that lead elsewhere in careless programs. */
export function twistTarget(random: Random, target: string): string {
  const twists = [
    () => `/..${target}`,
    () => `/%2e%2e${target}`,
    () => `/.${target}`,
    () => `/${target}`,
    () => `${target}/`,
    () => `${target}%00`,
    () => `${target}%zz`,
    () => `${target}#fragment`,
    () => `${target};a=b`,
    () => `${target}?`.repeat(3),
    () => `http://evil.example${target}`,
    () => `//evil.example${target}`,
    () => target.replaceAll('/', '%2f'),
    () => target.replaceAll('/', '\\'),
    () => target.replaceAll(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    () => target.toUpperCase(),
    () => `${target}/${'a'.repeat(random.whole(100, 14_000))}`,
    () => `${target}/${'../'.repeat(random.whole(1, 300))}`,
    () => '*',
    () => '/',
    () => `/assets/..%2f..%2fpackage.json`,
    () => `${target}\u00e9\u00ff`,
  ]
  return random.pick(twists)()
}

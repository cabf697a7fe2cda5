import { isIP } from 'node:net'
import { z } from 'zod'

/** Digits only: `Number` would also take 0x10, 1e3 and blanks. */
const number = (shape: RegExp, what: string, min: number, max: number) =>
  z
    .string()
    .refine((value) => shape.test(value) && Number(value) >= min && Number(value) <= max, {
      error: notThis(what),
    })
    .transform(Number)

export const wholeNumber = (what: string, min: number, max: number) => number(/^\d+$/, what, min, max)

export const seconds = (min: number, max: number) =>
  number(/^\d+(\.\d+)?$/, `a number of seconds from ${min} to ${max}`, min, max).transform(
    (value) => value * 1000,
  )

export const url = (protocols: string[]) => {
  const what = `an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`
  return z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be ${what}`,
  })
}

export const webUrl = url(['http:', 'https:']).transform((value) => value.replace(/\/+$/, ''))

/** What Fastify calls ranges of addresses. @see https://www.npmjs.com/package/@fastify/proxy-addr */
export const proxyNames = ['loopback', 'linklocal', 'uniquelocal']

/** An address, or a range of them. */
export function isRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const most = isIP(address) === 4 ? 32 : 128
  const isRight = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  return isIP(address) !== 0 && isRight && more.length === 0
}

/** An address, a range of them, or one of the names that stand for some. */
export function isProxy(text: string): boolean {
  return proxyNames.includes(text) || isRange(text)
}

/** Several secrets, while one is being replaced by another. */
export const listOf = (value: string) =>
  value
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

/** The complaint about a value that is no secret, so that it may be shown. */
export function notThis(what: string) {
  return (issue: { input?: unknown }) => `must be ${what}, not ${JSON.stringify(issue.input)}`
}

import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

export type Json = Record<string, unknown>

/** Compiles the description's schemas; a schema that many refer to is compiled once. */
export interface SchemaCompiler {
  compile(schema: unknown): ValidateFunction
}

export function createCompiler(
  document: Json,
  { coerce = false, emptyAddresses = false }: { coerce?: boolean; emptyAddresses?: boolean },
): SchemaCompiler {
  const ajv = new Ajv({
    coerceTypes: coerce ? 'array' : false,
    strict: false,
    allErrors: true,
    logger: false,
  })
  formats.default(ajv)
  // GitHub itself answers '' where a status has no address.
  if (emptyAddresses) ajv.addFormat('uri', (text) => text === '' || URL.canParse(text))
  const added = new Set<string>()

  /** OpenAPI 3.0's dialect to JSON Schema: `nullable` becomes a type of its own. */
  const convert = (schema: unknown): unknown => {
    if (Array.isArray(schema)) return schema.map(convert)
    if (typeof schema !== 'object' || schema === null) return schema
    const { $ref, nullable, example, examples, description, ...rest } = schema as Json
    if (typeof $ref === 'string') return refer($ref)
    const entries = Object.entries(rest).map(([key, value]) => [key, convertKeyword(key, value)])
    const converted = Object.fromEntries(entries)
    return nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted
  }

  const convertKeyword = (key: string, value: unknown): unknown => {
    if (key === 'enum' || key === 'required' || key === 'default') return value
    if (key !== 'properties') return convert(value)
    return Object.fromEntries(Object.entries(value as Json).map(([name, each]) => [name, convert(each)]))
  }

  const refer = (ref: string): Json => {
    const id = ref.slice(1)
    if (!added.has(id)) {
      added.add(id)
      ajv.addSchema(convert(resolveRef(document, { $ref: ref })) as Json, id)
    }
    return { $ref: id }
  }

  return { compile: (schema) => ajv.compile(convert(schema) as Json) }
}

/** What a reference within the document stands for; anything else as it is. */
export function resolveRef(document: Json, value: unknown): unknown {
  const ref = (value as Json | undefined)?.$ref
  if (typeof ref !== 'string') return value
  const keys = ref.slice(2).split('/')
  const found = keys.reduce<unknown>((at, key) => (at as Json)[key.replaceAll('~1', '/')], document)
  return resolveRef(document, found)
}

/** What is wrong with a value, in words that begin with `where`. */
export function problemsOf(validate: ValidateFunction, value: unknown, where: string): string[] {
  return validate(value) ? [] : (validate.errors ?? []).map((error) => inWords(error, where))
}

function inWords({ instancePath, message, params }: ErrorObject, where: string): string {
  const more = params.allowedValues ?? params.additionalProperty
  return `${where}${instancePath}: ${message}${more ? ` (${[more].flat().join(', ')})` : ''}`
}

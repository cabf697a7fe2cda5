/** Text that is markup already and is not escaped again. */
export interface Markup {
  markup: string
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Template tag: everything put in is escaped, save markup and lists of it. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Markup {
  return { markup: String.raw({ raw: parts }, ...values.map(insert)) }
}

function insert(value: unknown): string {
  if (Array.isArray(value)) return value.map(insert).join('')
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'object' && 'markup' in value) return String(value.markup)
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

/**
 * What a worker is fit for, and what a deployment or a check asks of the worker that does it: in small letters, sorted, no two the
 * same. A worker may do what asks for nothing that it has not.
 */
export type Labels = readonly string[]

/** What is asked for where nothing is said, and what a worker is that is given no labels. */
export const usualLabels: Labels = ['default']

const label = /^[a-z0-9][a-z0-9._-]{0,39}$/i

/** How a label is written, in words. */
export const labelForm =
  'labels of letters, digits, dots, hyphens and underscores, 40 at most, that begin with a letter or digit'

export function isLabel(text: string): boolean {
  return label.test(text)
}

/** Labels as they are compared; none are the usual ones. */
export function toLabels(texts: readonly string[]): Labels {
  const labels = [...new Set(texts.map((text) => text.toLowerCase()))].sort()
  return labels.length === 0 ? usualLabels : labels
}

/** Whether a worker of these labels may do what needs those. */
export function hasAll(labels: Labels, needed: Labels): boolean {
  return needed.every((each) => labels.includes(each))
}

export function isUsual(labels: Labels): boolean {
  return labels.length === usualLabels.length && hasAll(labels, usualLabels)
}

/** `the label production`, `the labels eu and production`. */
export function labelWords(labels: Labels): string {
  const [last = '', ...rest] = labels.toReversed()
  return rest.length === 0 ? `the label ${last}` : `the labels ${rest.toReversed().join(', ')} and ${last}`
}

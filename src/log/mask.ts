/** Replaces secrets in a text that comes in pieces; one that is split across pieces is found too. */
export interface Masker {
  /** The next piece, masked. What may be the beginning of a secret is kept back until more is known. */
  add(piece: string): string
  /** What was kept back. */
  end(): string
}

const mask = '***'
/** Shorter values are no secrets: to mask them would make a text unreadable and hide nothing. */
const shortest = 4
/** A line of a secret of several lines is a secret by itself from this length on. */
const shortestLine = 8

/** A masker for these secrets. Where secrets overlap in the text, all that they cover becomes one mask. */
export function createMasker(secrets: Iterable<string>): Masker {
  const wanted = formsOf(secrets)
  let kept = ''
  /** How many of the kept characters belong to a secret that is masked already. */
  let masked = 0

  const emit = (text: string, until: number): string => {
    const ranges = coveredBy(text, wanted, masked)
    let out = ''
    let at = 0
    let left = 0
    for (const { start, end } of ranges) {
      // A range that goes on from the piece before has its mask.
      const goesOn = start === 0 && masked > 0
      if (start >= until && !goesOn) break
      out += text.slice(at, start)
      if (!goesOn) out += mask
      at = Math.min(end, until)
      left = Math.max(0, end - until)
    }
    masked = left
    kept = text.slice(until)
    return out + text.slice(at, until)
  }

  return {
    add(piece) {
      if (wanted.length === 0) return piece
      const text = kept + piece
      return emit(text, text.length - possibleBeginning(text, wanted))
    },
    end: () => emit(kept, kept.length),
  }
}

/** Masks whole texts, many of them, for these secrets. */
export function openMask(secrets: Iterable<string>): (text: string) => string {
  const wanted = formsOf(secrets)
  return (text) => (wanted.some((secret) => text.includes(secret)) ? maskText(text, wanted) : text)
}

/** A whole text, masked. */
export function maskText(text: string, secrets: Iterable<string>): string {
  const masker = createMasker(secrets)
  return masker.add(text) + masker.end()
}

/** The ways in which a secret may be written: as it is, line by line, within JSON, within an address. */
function formsOf(secrets: Iterable<string>): string[] {
  const forms = [...secrets].flatMap((secret) => [
    secret,
    secret.trim(),
    ...secret.split(/\r?\n/).filter((line) => line.length >= shortestLine && line !== secret),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(Buffer.from(secret).toString()),
  ])
  return [...new Set(forms)].filter((form) => form.length >= shortest)
}

interface Range {
  start: number
  end: number
}

/** What the secrets cover, in order and merged; the first `already` characters count as covered. */
function coveredBy(text: string, secrets: readonly string[], already: number): Range[] {
  const found: Range[] = already > 0 ? [{ start: 0, end: already }] : []
  for (const secret of secrets) {
    for (let start = text.indexOf(secret); start >= 0; start = text.indexOf(secret, start + 1)) {
      found.push({ start, end: start + secret.length })
    }
  }
  found.sort((one, other) => one.start - other.start)
  const merged: Range[] = []
  for (const range of found) {
    const last = merged.at(-1)
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end)
    else merged.push({ ...range })
  }
  return merged
}

/** How many characters at the end of the text may be the beginning of a secret; the most that may be. */
function possibleBeginning(text: string, secrets: readonly string[]): number {
  let first = text.length
  for (const secret of secrets) {
    let start = text.indexOf(secret.charAt(0), Math.max(0, text.length - secret.length + 1))
    while (start >= 0 && start < first) {
      if (secret.startsWith(text.slice(start))) first = start
      start = text.indexOf(secret.charAt(0), start + 1)
    }
  }
  return text.length - first
}

/**
 * A delivery's GUID that says whether it was signed, so loudly that it is still heard when some of its bytes were changed.
 */
export function guidOf(isSigned: boolean, index: number): string {
  return `${(isSigned ? 'S' : 'F').repeat(30)}-${index}`
}

/** Whether the delivery of this GUID was signed. */
export function wasSigned(guid: string): boolean {
  const count = (letter: string) => guid.split(letter).length - 1
  return count('S') > count('F')
}

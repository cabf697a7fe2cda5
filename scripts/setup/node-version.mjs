/** Undefined if `version` ("20.20.2") satisfies `range` (">=20.20"), else a sentence that says what to do. */
export function nodeComplaint(version, range) {
  const wanted = range.replace('>=', '').split('.').map(Number)
  const given = version.split('.').map(Number)
  const at = wanted.findIndex((number, index) => number !== given[index])
  if (at === -1 || given[at] > wanted[at]) return undefined
  return `Livraison needs Node ${range}, this is ${version}. Install a newer one from https://nodejs.org`
}

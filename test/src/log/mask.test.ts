import fc from 'fast-check'
import t from 'tap'
import { createMasker, maskText } from '../../../src/log/mask.ts'

t.test('a secret becomes a mask, wherever and however often it is', async (t) => {
  t.equal(maskText('the s3cret and the s3cret', ['s3cret']), 'the *** and the ***')
  t.equal(maskText('nothing here', ['s3cret']), 'nothing here')
})

t.test('values of fewer than four characters are no secrets', async (t) => {
  t.equal(maskText('yes, on: 1', ['', '1', 'on', 'yes']), 'yes, on: 1')
  t.equal(maskText('true', ['true']), '***')
})

t.test('secrets that overlap become one mask, and nothing of the longer one is left', async (t) => {
  t.equal(maskText('-abcdef-', ['abcd', 'abcdef']), '-***-')
  t.equal(maskText('-abcdef-', ['abcd', 'cdef']), '-***-')
  t.equal(maskText('-abcd-', ['abcd', 'abcdef']), '-***-')
  t.equal(maskText('-abcdabcd-', ['abcd']), '-******-')
})

t.test('a secret of several lines is masked whole, and line by line', async (t) => {
  const key = '-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA\n-----END KEY-----\n'
  t.equal(maskText(`key: ${key}!`, [key]), 'key: ***!')
  t.equal(maskText('  MIIEpAIBAAKCAQEA\r\n', [key]), '  ***\r\n')
})

t.test('what may be the beginning of a secret is kept back, and no more', async (t) => {
  const masker = createMasker(['s3cret'])
  t.equal(masker.add('the s'), 'the ')
  t.equal(masker.add('3cre'), '')
  t.equal(masker.add('am s3cre'), 's3cream ')
  t.equal(masker.add('t!'), '***!')
  t.equal(masker.add('s3c'), '')
  t.equal(masker.end(), 's3c')
})

t.test('however a text is cut into pieces, it is masked in the same way', async (t) => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 4, maxLength: 7 })
  const text = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 }), { maxLength: 12 })
  const inOneOrMore = fc.property(
    fc.array(letters, { minLength: 1, maxLength: 4 }),
    text,
    (secrets, pieces) => {
      const masker = createMasker(secrets)
      const inPieces = pieces.map(masker.add).join('') + masker.end()
      return (
        inPieces === maskText(pieces.join(''), secrets) && !secrets.some((each) => inPieces.includes(each))
      )
    },
  )
  t.doesNotThrow(() => fc.assert(inOneOrMore, { numRuns: 2000 }))
})

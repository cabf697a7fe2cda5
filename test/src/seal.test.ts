import t from 'tap'
import { openSeal } from '../../src/seal.ts'

t.test('what is sealed is read with the same secret and for the same purpose only', async (t) => {
  const { seal, open } = openSeal(['new', 'old'], 'letters')
  const sealed = seal('Grüße, höchst geheim')
  t.equal(open(sealed), 'Grüße, höchst geheim')
  t.notMatch(Buffer.from(sealed, 'base64').toString('latin1'), /geheim/)
  t.not(seal('twice'), seal('twice'), 'it does not even tell that two are the same')
  t.equal(openSeal(['newest', 'new'], 'letters').open(sealed), 'Grüße, höchst geheim', 'while it is changed')
  t.equal(openSeal(['other'], 'letters').open(sealed), undefined)
  t.equal(openSeal(['new'], 'parcels').open(sealed), undefined)
  const bytes = Buffer.from(sealed, 'base64')
  for (const index of [0, 13, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
    t.equal(open(changed.toString('base64')), undefined, `byte ${index} was changed`)
  }
  for (const wrong of ['', 'x', 'not base64 at all !']) t.equal(open(wrong), undefined)
  t.throws(() => openSeal([], 'letters'), RangeError)
})

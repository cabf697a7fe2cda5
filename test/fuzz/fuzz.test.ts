// The small form of npm run test:fuzz: the whole receiver, and everything that it must not stumble over.
import t from 'tap'
import { runScript } from '../fixtures/script.ts'

// Slow senders are borne for half a minute, which is waited for.
t.setTimeout(240_000)

t.test('whatever is sent, the receiver is as it was before', async (t) => {
  const { said } = await runScript(t, 'test-fuzz.js', ['--requests', '2500'])
  t.match(said, /jobs +[1-9]\d* queued, 0 of them without a good signature/)
  t.comment(said)
})

import t from 'tap'
import { eventually } from '../fixtures/fleet.ts'
import { actionsConfig, startReviewing } from '../fixtures/reviewing.ts'
import { startToldServer } from '../fixtures/told-server.ts'

t.test('people are told what a run of GitHub Actions waits for', async (t) => {
  const server = await startToldServer(t)
  const config = `
notify:
  - webhook: { url: "${server.url}", allow_private: true }
    on: [queued, success]
${actionsConfig('approvals: { required: 1, from: [mona] }')}`
  const { fleet, startWorkflow, isTold, approve, decision } = await startReviewing(t, { config })
  const { run, deployment } = await startWorkflow()
  await isTold(run, /^Waits for an approval from mona/)
  await eventually(() => server.posts.length > 0, 'a notice')
  t.match(server.posts, [{ raw: new RegExp(`"deployment":${deployment}`) }])
  t.match(server.posts[0]?.raw, /Waits for an approval from mona/)
  await approve(deployment, 'mona')
  await decision(run, 'approved')
  fleet.sandbox.endWorkflow('acme/shop', run)
  await eventually(() => server.posts.length > 1, 'its end')
  t.match(server.posts[1]?.raw, /"success"/)
})

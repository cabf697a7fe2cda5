import t from 'tap'
import { deploymentOf } from '../../../src/dashboard/deliveries/parts.tsx'
import { subjectOf } from '../../../src/dashboard/queue/subject.ts'

const repository = { id: 42, owner: 'acme', name: 'shop' }

t.test('what a job is about', async (t) => {
  const sha = 'abc1234'.padEnd(40, '0')
  t.strictSame(subjectOf({ repository, environment: 'production', sha, pullRequest: 7 }), {
    subject: 'pull request #7 of acme/shop to production',
  })
  t.equal(subjectOf({ repository, sha }).subject, 'abc1234 of acme/shop')
  t.equal(subjectOf({ repository, check: 'c1' }).subject, 'check c1 of acme/shop')
  t.equal(subjectOf({}).subject, 'something of no repository')
})

t.test('which deployment a job runs', async (t) => {
  t.equal(deploymentOf({ name: 'process-deployment', id: 'deployment-7' }), 7)
  t.equal(deploymentOf({ name: 'start-deployment', id: 'merge-42-7' }), undefined)
})

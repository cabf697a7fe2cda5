import t from 'tap'
import { toRoute } from '../../../src/github/route.ts'

t.test('a call is known by its route, without what is in its address', async (t) => {
  t.equal(toRoute('/repos/{owner}/{repo}/deployments'), '/repos/{owner}/{repo}/deployments')
  t.equal(
    toRoute('https://api.github.com/repositories/1296269/issues/17/comments?per_page=100&page=2'),
    '/repositories/{repository_id}/issues/{number}/comments',
  )
  t.equal(toRoute('https://ghe.example/api/v3/user?access_token=secret'), '/api/v3/user')
  t.equal(toRoute('/user?access_token=secret'), '/user')
})

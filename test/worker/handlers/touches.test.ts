import t from 'tap'
import type { StartDeployment } from '../../../src/jobs/job.ts'
import { sinceWhat } from '../../../worker/handlers/find-untouched.ts'
import { touches } from '../../../worker/handlers/touches.ts'

t.test('a change touches what one of its files is, or was, under', async (t) => {
  const shop = ['apps/shop/**', '!**/*.md']
  const rows: [paths: string[], files: (string | [name: string, before: string])[], touched: boolean][] = [
    [shop, [], false],
    [shop, ['README.md'], false],
    [shop, ['apps/shop/cart.ts'], true],
    [shop, ['apps/shop/README.md'], false],
    [shop, ['apps/shop/README.md', 'apps/shop/cart.ts'], true],
    [shop, ['apps/shops/cart.ts'], false],
    [shop, [['old/cart.ts', 'apps/shop/cart.ts']], true],
    [shop, [['apps/shop/cart.ts', 'old/cart.ts']], true],
    [shop, [['docs/b.ts', 'docs/a.ts']], false],
    [['!docs/**'], ['docs/a.md'], false],
    [['!docs/**'], ['docs/a.md', 'src/a.ts'], true],
    [['package.json'], ['apps/shop/package.json'], false],
    [['package.json', '**/package.json'], ['apps/shop/package.json'], true],
  ]
  for (const [paths, files, touched] of rows) {
    const changed = files.map((file) =>
      typeof file === 'string' ? { name: file } : { name: file[0], before: file[1] },
    )
    t.equal(touches(paths, changed), touched, `${paths} and ${files}`)
  }
})

t.test('what is compared is what the environment has; without that, the change itself', async (t) => {
  const job = { sha: 'new', before: 'parent' } as StartDeployment
  t.same(sinceWhat(job, { known: 'sha', sha: 'deployed' }), { sha: 'deployed' })
  t.same(sinceWhat(job, { known: 'nothing' }), { sha: 'parent' })
  t.match(sinceWhat(job, { known: 'unsure', id: 7 }), { unknown: /^#7 was begun there last/ })
  const tagged = { sha: 'new', tag: 'v1' } as StartDeployment
  t.match(sinceWhat(tagged, { known: 'nothing' }), { unknown: /nothing was deployed there before/ })
})

import t from 'tap'
import { matchGlobs } from '../../../src/config/match-globs.ts'

t.test('globs name what they say, and what begins with ! is excluded', async (t) => {
  const rows: [globs: string[], names: string[], others: string[]][] = [
    [['**'], ['v1', 'shop/v1.2.3', '.hidden', 'a\nb', '-rf'], []],
    [['*'], ['v1', '-v1', '.v1'], ['shop/v1']],
    [
      ['v*'],
      ['v1.2.3', 'v', 'v$(id)', "v'; x", 'v"', 'v[1]', 'v{1}', 'v(1)'],
      ['V1', '1v', 'shop/v1', 'x\nv1'],
    ],
    [['v*', '!*-rc*'], ['v1'], ['v1-rc1', 'v1-rc']],
    [['!*-rc*', 'v*'], ['v1'], ['v1-rc1']],
    [['!docs/**'], ['src/a', 'docs.md'], ['docs', 'docs/a', 'docs/a/b']],
    [['v?.?'], ['v1.2'], ['v1.22', 'v12']],
    [['v1.0+build'], ['v1.0+build'], ['v1.00build', 'v1.0build']],
    [
      ['apps/shop/**', '!**/*.md'],
      ['apps/shop/a.ts', 'apps/shop/b/.env', 'apps/shop/a\nb'],
      ['apps/shop/a.md', 'apps/shop/b/README.md', 'apps/shopping/a.ts', 'x/apps/shop/a.ts'],
    ],
    [['**/*.md'], ['README.md', 'a/b/c.md', '.github/x.md'], ['md', 'a.md/b']],
    [
      ['app/(shop)/[id]/*'],
      ['app/(shop)/[id]/page.tsx'],
      ['app/shop/[id]/page.tsx', 'app/(shop)/i/page.tsx'],
    ],
    [
      ['{a,b}', 'c|d'],
      ['{a,b}', 'c|d'],
      ['a', 'b', 'c', 'd'],
    ],
    [
      ['+(a)', '@(b)', '?(c)'],
      ['+(a)', '@(b)', 'x(c)'],
      ['a', 'aa', 'b', 'c', ''],
    ],
    [['"quoted"', '$HOME', 'a^b'], ['"quoted"', '$HOME', 'a^b'], ['quoted']],
    [['日本*'], ['日本', '日本語'], ['日']],
  ]
  for (const [globs, names, others] of rows) {
    const matches = matchGlobs(globs)
    t.same(
      names.filter((name) => !matches(name)),
      [],
      `${globs} names them`,
    )
    t.same(others.filter(matches), [], `${globs} names no others`)
  }
})

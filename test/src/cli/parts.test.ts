// The parts of the command line that ask nobody.
import t from 'tap'
import { cutToWidth, displayWidth } from '../../../src/cli/display-width.ts'
import { repositoryOf } from '../../../src/cli/git-origin.ts'
import { oneLine, safeText } from '../../../src/cli/safe-text.ts'
import { tableLines } from '../../../src/cli/table.ts'
import { ago, ahead, durationOf, timeOf } from '../../../src/cli/times.ts'
import { numberOf } from '../../../src/cli/which.ts'
import { readClientSettings } from '../../../src/settings/client.ts'
import { SettingsError } from '../../../src/settings/parse.ts'
import { briefly } from '../../../src/span-text.ts'

t.test('the repository of an origin, as git writes it', async (t) => {
  const github = 'https://github.com'
  for (const remote of [
    'https://github.com/acme/shop',
    'https://github.com/acme/shop.git',
    'https://somebody:secret@github.com/acme/shop.git/',
    'git@github.com:acme/shop.git',
    'ssh://git@github.com/acme/shop.git',
    'ssh://git@github.com:443/acme/shop',
    'git://github.com/acme/shop.git',
  ]) {
    t.equal(repositoryOf(remote, github), 'acme/shop', remote)
  }
  for (const remote of [
    '',
    '/srv/git/acme/shop.git',
    '../acme/shop',
    'https://gitlab.com/acme/shop',
    'git@github.com.evil.example:acme/shop',
    'https://github.com/acme/shop/extra',
    'C:\\acme\\shop',
  ]) {
    t.equal(repositoryOf(remote, github), undefined, remote)
  }
  const own = 'http://127.0.0.1:4568'
  t.equal(repositoryOf('http://127.0.0.1:4568/acme/shop.git', own), 'acme/shop')
  t.equal(repositoryOf('http://127.0.0.1:4569/acme/shop.git', own), undefined)
})

t.test('what comes from outside steers no terminal', async (t) => {
  const wild = 'a\u001b[2Jb\u001b]0;title\u0007c\rd\u001b[31mred\u009b1m\u202e'
  t.equal(safeText(wild, false), 'abcdred')
  t.equal(safeText(wild, true), 'abcd\u001b[31mred\u001b[0m', 'colours stay, and end')
  t.equal(safeText('plain é 🚀', true), 'plain é 🚀')
  t.equal(oneLine(' two\n\tlines\u001b[1m '), 'two lines')
})

t.test('a table is as wide as what is in it, or as the terminal', async (t) => {
  const columns = [
    { title: 'name', of: (row: string[]) => row[0] ?? '' },
    { title: 'what', of: (row: string[]) => row[1] ?? '' },
  ]
  const rows = [
    ['東京', 'a very long description of what it is'],
    ['é🚀', 'short'],
  ]
  t.strictSame(tableLines(columns, rows, Number.POSITIVE_INFINITY), [
    'name  what',
    '東京  a very long description of what it is',
    'é🚀   short',
  ])
  const narrow = tableLines(columns, rows, 20)
  t.strictSame(narrow, ['name  what', '東京  a very long d…', 'é🚀   short'])
  t.ok(narrow.every((line) => displayWidth(line) <= 20))
  t.equal(cutToWidth('東京', 3), '東…')
  t.equal(cutToWidth('東京', 4), '東京')
})

t.test('times are read and told', async (t) => {
  const rows: [number, string][] = [
    [-1, '0 s'],
    [59_000, '59 s'],
    [60_000, '1 min'],
    [125_000, '2 min 5 s'],
    [45 * 60_000, '45 min'],
    [5 * 3_600_000, '5 h'],
    [72 * 3_600_000, '3 days'],
  ]
  for (const [ms, words] of rows) t.equal(briefly(ms), words)
  t.equal(ago('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:00:30Z')), '30 s ago')
  t.equal(ago(null), '-')
  t.equal(ahead(2000, 1000), 'in 1 s')
  t.equal(ahead(500, 1000), 'now')
  t.equal(durationOf('2h', '--for'), 7_200_000)
  t.equal(durationOf('7d', '--for'), 7 * 86_400_000)
  for (const wrong of ['', '2', '0s', '2 h', '-1h']) {
    t.throws(() => durationOf(wrong, '--for'), { status: 2, message: /^--for takes a duration/ })
  }
  t.equal(timeOf('2026-12-24T18:00:00+01:00', '--until'), '2026-12-24T17:00:00.000Z')
  t.equal(timeOf('2026-12-24 18:00', '--until'), new Date(2026, 11, 24, 18).toISOString(), 'on this clock')
  for (const wrong of ['soon', '18:00', '2026-13-40'])
    t.throws(() => timeOf(wrong, '--until'), { status: 2, message: /--until takes a time/ })
  t.equal(numberOf('#12'), 12)
  t.equal(numberOf('12a'), undefined)
})

t.test('where the server is, and who we are', async (t) => {
  t.match(readClientSettings({}, {}), { url: 'http://localhost:4567', token: undefined })
  t.match(readClientSettings({}, { PORT: '5000', ADMIN_TOKEN: 'a' }), {
    url: 'http://localhost:5000',
    token: 'a',
  })
  t.match(
    readClientSettings(
      { LIVRAISON_URL: 'https://l.example/', LIVRAISON_TOKEN: 'mine' },
      { PUBLIC_URL: 'https://p.example', ADMIN_TOKEN: 'theirs' },
    ),
    { url: 'https://l.example', token: 'mine' },
  )
  t.match(
    readClientSettings({ LIVRAISON_URL: '' }, { PUBLIC_URL: 'https://p.example', ADMIN_TOKEN: 'a' }),
    { url: 'https://p.example', token: 'a' },
    'what is empty is not set',
  )
  t.throws(
    () => readClientSettings({ LIVRAISON_TOKEN: 'mine' }, { LIVRAISON_URL: 'https://evil.example' }),
    SettingsError,
    'a stranger’s checkout does not get my token',
  )
})

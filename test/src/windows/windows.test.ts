import fc from 'fast-check'
import { DateTime } from 'luxon'
import t from 'tap'
import { momentOf, readLocal } from '../../../src/windows/freeze-times.ts'
import { dayAt, firstMoment, isZone, weekdayOf } from '../../../src/windows/local-time.ts'
import { type WeeklyWindow, windowStateAt } from '../../../src/windows/windows.ts'
import { momentWords, readClock, readDays, untilWords, windowWords } from '../../../src/windows/words.ts'

const utc = (text: string) => Date.parse(`${text}Z`)

/** A window as the file would have it. */
function windowOf(days: string, from: string, to: string, zone = 'Europe/Paris'): WeeklyWindow {
  return { days: readDays(days) ?? [], from: readClock(from) ?? 0, to: readClock(to) ?? 0, zone }
}

const office = windowOf('mon-fri', '09:00', '16:00')
const night = windowOf('fri', '22:00', '02:30')
const early = windowOf('sun', '02:00', '02:30')
const day = windowOf('daily', '00:00', '24:00')

/** At a time (in UTC): open until when, or closed and open from when. */
const rows: [what: string, windows: WeeklyWindow[], at: string, state: 'open' | 'closed', change: string][] =
  [
    ['an hour before', [office], '2026-01-05T07:00', 'closed', '2026-01-05T08:00'],
    ['as it opens', [office], '2026-01-05T08:00', 'open', '2026-01-05T15:00'],
    ['a moment before it closes', [office], '2026-01-05T14:59:59.999', 'open', '2026-01-05T15:00'],
    ['as it closes', [office], '2026-01-05T15:00', 'closed', '2026-01-06T08:00'],
    ['on Friday evening', [office], '2026-01-09T15:00', 'closed', '2026-01-12T08:00'],
    ['over the new year', [office], '2026-12-31T15:00', 'closed', '2027-01-01T08:00'],
    [
      'over the new year, by a week',
      [windowOf('wed', '09:00', '10:00')],
      '2026-12-31T15:00',
      'closed',
      '2027-01-06T08:00',
    ],
    ['in summer, an hour earlier', [office], '2026-07-06T06:59', 'closed', '2026-07-06T07:00'],
    ['across the change in spring', [office], '2026-03-27T15:00', 'closed', '2026-03-30T07:00'],
    ['across the change in autumn', [office], '2026-10-23T14:00', 'closed', '2026-10-26T08:00'],
    ['across midnight', [night], '2026-01-09T21:30', 'open', '2026-01-10T01:30'],
    ['after midnight', [night], '2026-01-10T01:00', 'open', '2026-01-10T01:30'],
    ['after its end', [night], '2026-01-10T01:30', 'closed', '2026-01-16T21:00'],
    // Paris, 29 March 2026: 02:00 to 03:00 is left out; 25 October: it comes twice.
    ['a window that is left out', [early], '2026-03-28T12:00', 'closed', '2026-04-05T00:00'],
    [
      'its beginning is left out',
      [windowOf('sun', '02:30', '04:00')],
      '2026-03-28T12:00',
      'closed',
      '2026-03-29T01:00',
    ],
    [
      'its end is left out',
      [windowOf('sun', '01:00', '02:30')],
      '2026-03-29T00:30',
      'open',
      '2026-03-29T01:00',
    ],
    ['that comes twice: the first time', [early], '2026-10-25T00:15', 'open', '2026-10-25T00:30'],
    ['that comes twice: the second time', [early], '2026-10-25T01:15', 'closed', '2026-11-01T01:00'],
    [
      'across an hour that comes twice',
      [windowOf('sun', '01:00', '04:00')],
      '2026-10-24T23:30',
      'open',
      '2026-10-25T03:00',
    ],
    // New York, 8 March 2026: 02:00 to 03:00 is left out; 1 November: 01:00 to 02:00 comes twice.
    [
      'New York in spring',
      [windowOf('sun', '02:15', '05:00', 'America/New_York')],
      '2026-03-08T06:00',
      'closed',
      '2026-03-08T07:00',
    ],
    [
      'New York in autumn',
      [windowOf('sun', '01:30', '01:45', 'America/New_York')],
      '2026-11-01T06:35',
      'closed',
      '2026-11-08T06:30',
    ],
    [
      'New York, the first time',
      [windowOf('sun', '01:30', '01:45', 'America/New_York')],
      '2026-11-01T05:35',
      'open',
      '2026-11-01T05:45',
    ],
    // Lord Howe, 4 October 2026: 02:00 to 02:30 is left out (+10:30 to +11:00); 5 April: 01:30 to 02:00 comes twice.
    [
      'Lord Howe in spring',
      [windowOf('sun', '02:10', '03:00', 'Australia/Lord_Howe')],
      '2026-10-03T12:00',
      'closed',
      '2026-10-03T15:30',
    ],
    [
      'Lord Howe in autumn',
      [windowOf('sun', '01:45', '03:00', 'Australia/Lord_Howe')],
      '2026-04-04T12:00',
      'closed',
      '2026-04-04T14:45',
    ],
    [
      'Lord Howe, until after it',
      [windowOf('sun', '01:45', '03:00', 'Australia/Lord_Howe')],
      '2026-04-04T15:10',
      'open',
      '2026-04-04T16:30',
    ],
    [
      'a whole day of 23 hours',
      [windowOf('sun', '00:00', '24:00')],
      '2026-03-29T12:00',
      'open',
      '2026-03-29T22:00',
    ],
    [
      'a whole day of 25 hours',
      [windowOf('sun', '00:00', '24:00')],
      '2026-10-25T12:00',
      'open',
      '2026-10-25T23:00',
    ],
    [
      'two that touch',
      [office, windowOf('mon', '16:00', '18:00')],
      '2026-01-05T10:00',
      'open',
      '2026-01-05T17:00',
    ],
    [
      'two in different zones',
      [office, windowOf('mon', '09:00', '16:00', 'America/New_York')],
      '2026-01-05T14:30',
      'open',
      '2026-01-05T21:00',
    ],
    // Apia had no 30 December 2011.
    [
      'a day that there was not',
      [windowOf('fri', '09:00', '10:00', 'Pacific/Apia')],
      '2011-12-29T22:00',
      'closed',
      '2012-01-05T19:00',
    ],
  ]

t.test('windows open and close by the clock of their zone', async (t) => {
  for (const [what, windows, at, expected, change] of rows) {
    const state = windowStateAt(windows, utc(at))
    const found = state.isOpen ? state.closesAt : state.opensAt
    t.equal(state.isOpen ? 'open' : 'closed', expected, what)
    t.equal(
      found === undefined ? found : new Date(found).toISOString(),
      new Date(utc(change)).toISOString(),
      what,
    )
  }
  t.same(windowStateAt([], 0), { isOpen: true, closesAt: undefined })
  t.same(windowStateAt([day], utc('2026-03-20T00:00')), { isOpen: true, closesAt: undefined })
})

const zones = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Africa/Casablanca',
  'Pacific/Apia',
]
const anyWindow = fc
  .record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    from: fc.integer({ min: 0, max: 1439 }),
    to: fc.integer({ min: 0, max: 1440 }),
    zone: fc.constantFrom(...zones),
  })
  .filter(({ from, to }) => from !== to)

t.test(
  'what opens next is closed until then and open then, and what is open stays so until it closes',
  async (t) => {
    const anyTime = fc.date({
      min: new Date('2020-01-01T00:00:00Z'),
      max: new Date('2035-01-01T00:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(
        fc.array(anyWindow, { minLength: 1, maxLength: 3 }),
        anyTime,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (windows, time, share) => {
          const at = time.getTime()
          const state = windowStateAt(windows, at)
          const change = state.isOpen ? state.closesAt : state.opensAt
          if (change === undefined) return true
          const between = at + Math.floor((change - at) * share)
          return (
            change > at &&
            windowStateAt(windows, between).isOpen === state.isOpen &&
            windowStateAt(windows, change - 1).isOpen === state.isOpen &&
            windowStateAt(windows, change).isOpen !== state.isOpen
          )
        },
      ),
      { numRuns: 150 },
    )
    t.pass('it held')
  },
)

t.test('away from the changes of clocks, a window is open when its clock says so', async (t) => {
  const anyTime = fc.date({
    min: new Date('2026-01-05T00:00:00Z'),
    max: new Date('2026-02-20T00:00:00Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(anyWindow, anyTime, (window, time) => {
      const local = DateTime.fromMillis(time.getTime(), { zone: window.zone })
      const minutes = local.hour * 60 + local.minute
      const yesterday = ((local.weekday + 5) % 7) + 1
      const { days, from, to } = window
      const today = days.includes(local.weekday)
      const isOpen =
        to > from
          ? today && minutes >= from && minutes < to
          : (today && minutes >= from) || (days.includes(yesterday) && minutes < to)
      return windowStateAt([window], time.getTime()).isOpen === isOpen
    }),
    { numRuns: 200 },
  )
  t.pass('it held')
})

t.test('local times', async (t) => {
  t.equal(firstMoment('Europe/Paris', utc('2026-03-29T02:30')), utc('2026-03-29T01:00'))
  t.equal(firstMoment('Europe/Paris', utc('2026-10-25T02:30')), utc('2026-10-25T00:30'))
  t.equal(firstMoment('Europe/Paris', utc('2026-12-31T24:00')), utc('2026-12-31T23:00'))
  t.equal(dayAt('America/New_York', utc('2026-01-01T04:59')), utc('2025-12-31T00:00'))
  t.equal(weekdayOf(utc('2026-01-05T00:00')), 1)
  t.equal(weekdayOf(utc('2026-01-11T00:00')), 7)
  for (const good of ['UTC', 'Europe/Paris', 'America/Argentina/Buenos_Aires']) t.ok(isZone(good), good)
  for (const bad of ['', 'Paris', '+02:00', 'Europe/Atlantis', 'local']) t.notOk(isZone(bad), bad)
})

t.test('freezes begin with the first moment of a day and end with its last', async (t) => {
  t.equal(momentOf('2026-12-20', 'Europe/Paris'), utc('2026-12-19T23:00'))
  t.equal(momentOf('2027-01-03', 'Europe/Paris', true), utc('2027-01-03T23:00'))
  t.equal(momentOf('2026-12-20 18:00', 'America/New_York', true), utc('2026-12-20T23:00'))
  t.equal(momentOf('2026-12-20T18:00:30', 'UTC'), utc('2026-12-20T18:00:30'))
  for (const bad of ['2026-02-29', '2026-13-01', '20 December', '2026-12-20 25:00', '2026-12-20Z', '']) {
    t.equal(readLocal(bad), undefined, bad)
  }
  t.equal(readLocal('2028-02-29'), utc('2028-02-29T00:00'))
})

t.test('the words of the file, and words for people', async (t) => {
  t.same(readDays('mon-fri'), [1, 2, 3, 4, 5])
  t.same(readDays('sat-mon'), [1, 6, 7])
  t.same(readDays('fri,mon, wed'), [1, 3, 5])
  t.same(readDays('daily'), [1, 2, 3, 4, 5, 6, 7])
  for (const bad of ['', 'monday', 'mon-', 'mon,', 'Mon', 'mon-fri-sun', 'everyday'])
    t.equal(readDays(bad), undefined, bad)
  t.equal(readClock('00:00'), 0)
  t.equal(readClock('24:00'), 1440)
  for (const bad of ['9:00', '24:01', '25:00', '12:60', 'noon']) t.equal(readClock(bad), undefined, bad)
  t.equal(windowWords(office), 'mon-fri 09:00 to 16:00 (Europe/Paris)')
  t.equal(windowWords(night), 'fri 22:00 to 02:30 of the next day (Europe/Paris)')
  t.equal(windowWords(windowOf('mon,wed', '09:00', '24:00', 'UTC')), 'mon,wed 09:00 to 24:00 (UTC)')
  t.equal(windowWords(day), 'daily 00:00 to 24:00 (Europe/Paris)')
  t.equal(momentWords(utc('2026-07-06T07:00'), 'Europe/Paris'), 'Mon 2026-07-06 09:00 Europe/Paris')
  t.equal(untilWords(utc('2026-01-05T14:00'), utc('2026-01-05T09:00')), '14:00 UTC')
  t.equal(untilWords(utc('2026-01-06T14:00'), utc('2026-01-05T09:00')), 'Tue 2026-01-06 14:00 UTC')
})

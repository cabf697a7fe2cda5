import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../errors/refusal.ts'
import type { Answer } from '../../operations/answer.ts'
import type { Place } from '../../operations/operations.ts'
import { momentOf } from '../../windows/freeze-times.ts'
import { isZone } from '../../windows/local-time.ts'
import { Button, Field, Form } from '../components/form.tsx'
import { PageHead } from '../components/page.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { PlaceFields } from '../locks/place-fields.tsx'
import { freezeSays, placeWords, thawSays } from '../locks/words.ts'
import type { Notice } from '../notices.ts'
import { actorOf, field, tellAndGo } from '../operations/answering.ts'
import { ConfirmationPage } from '../operations/confirmation-page.tsx'
import { readPlace } from '../operations/place.ts'
import { ReasonField } from '../operations/reason-field.tsx'

const config = { role: 'signed-in' } as const

/** `GET` and `POST /locks/freeze` and `/locks/thaw`. */
export async function freezePages(app: FastifyInstance, options: DashboardOptions) {
  const { renderPage, sources, operations, notices } = options

  const showForm = (request: FastifyRequest, reply: FastifyReply, values: unknown, notice?: Notice) => {
    const place = readPlace(values)
    return renderPage(request, reply, {
      title: `Freeze ${placeWords(place)}`,
      under: '/locks',
      repository: place.repository,
      notice,
      body: (
        <FreezeForm
          place={place}
          isFixed={field(request.query, 'repository') !== undefined}
          values={{
            from: field(values, 'from'),
            until: field(values, 'until'),
            zone: field(values, 'zone'),
            reason: field(values, 'reason'),
          }}
        />
      ),
    })
  }

  app.get('/locks/freeze', { config }, async (request, reply) => showForm(request, reply, request.query))

  app.post('/locks/freeze', { config }, async (request, reply) => {
    const { body } = request
    const times = readTimes(body)
    const answer: Answer =
      'problem' in times
        ? { outcome: 'refused', code: 'invalid', reason: times.problem }
        : await operations.freeze(actorOf(request), {
            ...readPlace(body),
            ...times,
            reason: field(body, 'reason') ?? '',
          })
    if (answer.outcome === 'refused' && answer.code === 'invalid') {
      reply.code(422)
      return showForm(request, reply, body, { kind: 'refused', text: answer.reason })
    }
    return tellAndGo(reply, notices, answer, '/locks')
  })

  app.get('/locks/thaw', { config }, async (request, reply) => {
    const id = field(request.query, 'id')
    const freeze = (await sources.freezes.all()).find((each) => each.id === id)
    if (!freeze) throw new Refusal(404, 'There is no such freeze any more.')
    return renderPage(request, reply, {
      title: 'End a freeze',
      under: '/locks',
      body: (
        <ConfirmationPage
          title="End the freeze?"
          says={thawSays(freeze)}
          button="End it"
          reason="none"
          action={`/locks/thaw?id=${encodeURIComponent(freeze.id)}`}
          back="/locks"
        />
      ),
    })
  })

  app.post('/locks/thaw', { config }, async (request, reply) => {
    const answer = await operations.thaw(actorOf(request), { id: field(request.query, 'id') ?? '' })
    return tellAndGo(reply, notices, answer, '/locks')
  })
}

/** The two times of the form, by the clock of its zone. */
function readTimes(body: unknown): { from: number | undefined; until: number } | { problem: string } {
  const zone = field(body, 'zone') ?? 'UTC'
  if (!isZone(zone)) return { problem: `${zone} is no time zone: name one such as Europe/Paris, or UTC.` }
  const from = field(body, 'from')
  const begins = from === undefined ? undefined : momentOf(from, zone)
  const until = momentOf(field(body, 'until') ?? '', zone, true)
  if (until === undefined || (from !== undefined && begins === undefined)) {
    return { problem: 'Give the times as 2026-12-24 18:00, or a date alone.' }
  }
  return { from: begins, until }
}

interface FreezeFormProps {
  place: Place
  isFixed: boolean
  values: Record<'from' | 'until' | 'zone' | 'reason', string | undefined>
}

function FreezeForm({ place, isFixed, values }: FreezeFormProps) {
  return (
    <>
      <PageHead title={`Freeze ${isFixed ? placeWords(place) : '…'}`} />
      <div class="ask">
        <div class="says">
          {freezeSays(place).map((sentence) => (
            <p>{sentence}</p>
          ))}
        </div>
        <Form action="/locks/freeze" class="stack" label="Freeze">
          <PlaceFields place={place} isFixed={isFixed} />
          <Field
            name="from"
            label="From"
            type="datetime-local"
            value={values.from}
            hint="Empty: from now on."
          />
          <Field name="until" label="Until" type="datetime-local" value={values.until} required />
          <Field
            name="zone"
            label="Time zone"
            value={values.zone ?? 'UTC'}
            hint="By whose clock: UTC, Europe/Paris, America/New_York …"
          />
          <ReasonField isRequired hint="Whoever is held back reads it." value={values.reason} />
          <div class="actions">
            <Button kind="main">Freeze</Button>
            <a class="button usual" href="/locks">
              Leave it
            </a>
          </div>
        </Form>
      </div>
    </>
  )
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readDuration } from '../../config/duration.ts'
import { Refusal } from '../../errors/refusal.ts'
import type { Place } from '../../operations/operations.ts'
import { Button, Choice, Form } from '../components/form.tsx'
import { PageHead } from '../components/page.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { PlaceFields } from '../locks/place-fields.tsx'
import { lockKinds, lockSays, lockSpans, placeOf, placeWords, unlockSays } from '../locks/words.ts'
import type { Notice } from '../notices.ts'
import { actorOf, field, tellAndGo } from '../operations/answering.ts'
import { ConfirmationPage } from '../operations/confirmation-page.tsx'
import { placeQuery } from '../operations/paths.ts'
import { readPlace, runningIn, scopeOf } from '../operations/place.ts'
import { ReasonField } from '../operations/reason-field.tsx'

const config = { role: 'signed-in' } as const

/** `GET` and `POST /locks/lock` and `/locks/unlock`. */
export async function lockPages(app: FastifyInstance, options: DashboardOptions) {
  const { renderPage, sources, operations, notices } = options

  const showForm = async (request: FastifyRequest, reply: FastifyReply, values: unknown, notice?: Notice) => {
    const place = readPlace(values)
    return renderPage(request, reply, {
      title: `Lock ${placeWords(place)}`,
      under: '/locks',
      repository: place.repository,
      notice,
      body: (
        <LockForm
          place={place}
          isFixed={field(request.query, 'repository') !== undefined}
          running={await runningIn(sources, place)}
          reason={field(values, 'reason')}
        />
      ),
    })
  }

  app.get('/locks/lock', { config }, async (request, reply) => showForm(request, reply, request.query))

  app.post('/locks/lock', { config }, async (request, reply) => {
    const { body } = request
    const expires = field(body, 'expires')
    const answer = await operations.lock(actorOf(request), {
      ...readPlace(body),
      reason: field(body, 'reason') ?? '',
      expiresInMs: expires === undefined ? undefined : readDuration(expires),
      kind: field(body, 'kind') === 'hard' ? 'hard' : 'soft',
      ownerMayDeploy: field(body, 'owner_may_deploy') !== undefined,
    })
    if (answer.outcome === 'refused' && answer.code === 'invalid') {
      reply.code(422)
      return showForm(request, reply, body, { kind: 'refused', text: answer.reason })
    }
    return tellAndGo(reply, notices, answer, '/locks')
  })

  app.get('/locks/unlock', { config }, async (request, reply) => {
    const place = readPlace(request.query)
    const scope = await scopeOf(sources, place)
    const lock = scope && (await sources.locks.on(scope))
    if (!lock) throw new Refusal(404, `Nothing locks ${placeWords(place)}.`)
    return renderPage(request, reply, {
      title: `Unlock ${placeWords(place)}`,
      under: '/locks',
      repository: place.repository,
      body: (
        <ConfirmationPage
          title={`Unlock ${placeWords(place)}?`}
          says={unlockSays(lock, actorOf(request).name)}
          button="Unlock"
          reason="none"
          action={`/locks/unlock${placeQuery({ ...placeOf(lock.scope), id: lock.id })}`}
          back="/locks"
        />
      ),
    })
  })

  app.post('/locks/unlock', { config }, async (request, reply) => {
    const wish = { ...readPlace(request.query), id: field(request.query, 'id') }
    return tellAndGo(reply, notices, await operations.unlock(actorOf(request), wish), '/locks')
  })
}

interface LockFormProps {
  place: Place
  isFixed: boolean
  running: number | undefined
  reason: string | undefined
}

function LockForm({ place, isFixed, running, reason }: LockFormProps) {
  return (
    <>
      <PageHead title={`Lock ${isFixed ? placeWords(place) : '…'}`} />
      <div class="ask">
        <div class="says">
          {lockSays(place, running).map((sentence) => (
            <p>{sentence}</p>
          ))}
        </div>
        <Form action="/locks/lock" class="stack" label="Lock">
          <PlaceFields place={place} isFixed={isFixed} />
          <ReasonField isRequired hint="Whoever is held back reads it." value={reason} />
          <Choice name="expires" label="For how long" options={lockSpans} />
          <Choice name="kind" label="How strict" options={lockKinds} />
          <label class="check">
            <input type="checkbox" name="owner_may_deploy" value="yes" /> I may deploy under it
          </label>
          <div class="actions">
            <Button kind="main">Lock</Button>
            <a class="button usual" href="/locks">
              Leave it
            </a>
          </div>
        </Form>
      </div>
    </>
  )
}

import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../errors/refusal.ts'
import type { DashboardOptions } from '../dashboard-options.ts'
import { deliveryPath } from '../deliveries/parts.tsx'
import { actorOf, tellAndGo } from '../operations/answering.ts'
import { ConfirmationPage } from '../operations/confirmation-page.tsx'

const config = { role: 'signed-in' } as const

/** `GET` and `POST /deliveries/{guid}/replay`. */
export async function replayPage(app: FastifyInstance, options: DashboardOptions) {
  const { renderPage, sources, operations, notices } = options

  app.get<{ Params: { guid: string } }>('/deliveries/:guid/replay', { config }, async (request, reply) => {
    const { guid } = request.params
    const [newest] = (await sources.trace.list({ guid }, 1)).arrivals
    if (!newest) throw new Refusal(404, `No delivery ${guid} is in the trace.`)
    const { event, action, repository } = newest
    const what = action === undefined ? event : `${event} ${action}`
    return renderPage(request, reply, {
      title: 'Replay a delivery',
      under: '/deliveries',
      repository: repository?.fullName,
      body: (
        <ConfirmationPage
          title="Replay the delivery?"
          says={[
            `GitHub sends the delivery ${guid} (${what}${repository ? ` of ${repository.fullName}` : ''}) once more, and it is judged again as the rules are now.`,
            'What it asks for and is done or on its way already is not done twice.',
          ]}
          button="Replay"
          reason="none"
          action={`${deliveryPath(guid)}/replay`}
          back={deliveryPath(guid)}
        />
      ),
    })
  })

  app.post<{ Params: { guid: string } }>('/deliveries/:guid/replay', { config }, async (request, reply) => {
    const { guid } = request.params
    const answer = await operations.replay(actorOf(request), { delivery: guid })
    return tellAndGo(reply, notices, answer, deliveryPath(guid))
  })
}

import type { Call, Handler } from '../api.ts'
import { redeliver } from '../hooks/send.ts'
import { presentFullDelivery } from '../present/hook.ts'
import { presentFullRepository } from '../present/repository.ts'
import { notFound, Refusal } from '../refusal.ts'
import { answerPage, bodyOf, byId, created, ok, repositoryOf } from '../routes/call.ts'
import { now } from '../world.ts'
import { refuseSuspended } from './caller.ts'
import { answerDeliveries } from './deliveries.ts'
import { giveToken, type TokenRequest } from './give-token.ts'
import { installationFor, repositoriesOf } from './install.ts'
import { takeManifestCode } from './manifest.ts'
import { presentInstallation, presentRegisteredApp } from './present.ts'
import { covers, type Installation, type RegisteredApp } from './state.ts'

/** What an App asks about itself. */
export const apps: Record<string, Handler> = {
  'apps/get-authenticated': (call) => ok(presentRegisteredApp(call.world, appOf(call))),

  'apps/create-from-manifest': ({ world, params }) => {
    const { app, privateKey: pem, webhookSecret } = takeManifestCode(world, params.code ?? '')
    const secrets = { client_id: app.clientId, client_secret: app.clientSecret, pem }
    return created({ ...presentRegisteredApp(world, app), ...secrets, webhook_secret: webhookSecret })
  },

  'apps/list-installations': (call) => {
    const all = [...call.world.apps.installations.values()].filter(({ app }) => app === appOf(call))
    return answerPage(call, all, (each) => presentInstallation(call.world, each))
  },

  'apps/get-installation': (call) => ok(presentInstallation(call.world, installationCalled(call))),

  'apps/get-repo-installation': (call) => {
    const repository = repositoryOf(call)
    const installation = installationFor(call.world, appOf(call), repository.owner.login)
    if (!covers(installation, repository)) throw notFound()
    return ok(presentInstallation(call.world, installation))
  },

  'apps/get-org-installation': (call) =>
    ok(presentInstallation(call.world, installationFor(call.world, appOf(call), call.params.org ?? ''))),

  'apps/create-installation-access-token': (call) => {
    const installation = installationCalled(call)
    refuseSuspended({ installation })
    return created(giveToken(call.world, installation, bodyOf<TokenRequest>(call)))
  },

  'apps/revoke-installation-access-token': ({ world, caller }) => {
    if (caller?.kind === 'installation') world.apps.tokens.delete(caller.given.token)
    return { status: 204 }
  },

  'apps/list-repos-accessible-to-installation': (call) => {
    if (call.caller?.kind !== 'installation') throw notFound()
    const all = repositoriesOf(call.world, call.caller.given.installation)
    const listed = answerPage(call, all, (each) => presentFullRepository(call.world, each))
    return { ...listed, body: { total_count: all.length, repositories: listed.body } }
  },

  'apps/get-webhook-config-for-app': (call) => ok(configOf(appOf(call))),

  'apps/update-webhook-config-for-app': (call) => {
    const { hook } = appOf(call)
    const { url, secret } = bodyOf<{ url?: string; secret?: string }>(call)
    hook.url = url ?? hook.url
    hook.active = hook.url !== ''
    hook.secret = secret ?? hook.secret
    hook.updatedAt = now()
    return ok(configOf(appOf(call)))
  },

  'apps/list-webhook-deliveries': (call) => answerDeliveries(call, appOf(call).hook),

  'apps/get-webhook-delivery': (call) => {
    const { hook } = appOf(call)
    return ok(presentFullDelivery(hook, byId(hook.deliveries, call.params.delivery_id)))
  },

  'apps/redeliver-webhook-delivery': (call) => {
    const { hook } = appOf(call)
    const earlier = byId(hook.deliveries, call.params.delivery_id)
    redeliver(call.world, { ...hook, repositoryId: earlier.repositoryId }, earlier)
    return { status: 202, body: {} }
  },
}

function appOf({ caller }: Call): RegisteredApp {
  if (caller?.kind !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded')
  return caller.app
}

function installationCalled(call: Call): Installation {
  const installation = call.world.apps.installations.get(Number(call.params.installation_id))
  if (installation?.app !== appOf(call)) throw notFound()
  return installation
}

function configOf({ hook }: RegisteredApp) {
  const { url, contentType, secret, insecureSsl } = hook
  const shown = { url, content_type: contentType, insecure_ssl: insecureSsl }
  return secret ? { ...shown, secret: '********' } : shown
}

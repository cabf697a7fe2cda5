import type { ComponentChildren } from 'preact'
import { Button, Form } from '../components/form.tsx'
import { PageHead } from '../components/page.tsx'
import type { Confirmation } from './confirmation.ts'
import { ReasonField } from './reason-field.tsx'

interface ConfirmationPageProps extends Confirmation {
  /** Where the form is sent, and where to go instead. */
  action: string
  back: string
  isDanger?: boolean
  children?: ComponentChildren
}

/** Says what will happen, and asks. */
export function ConfirmationPage(props: ConfirmationPageProps) {
  const { title, says, impossible, action, back, button, reason, reasonHint, isDanger, children } = props
  if (impossible !== undefined) {
    return (
      <PageHead title={title}>
        <p>{impossible}</p>
        <p>
          <a href={back}>Back</a>
        </p>
      </PageHead>
    )
  }
  return (
    <>
      <PageHead title={title} />
      <div class="ask">
        <div class="says">
          {says.map((sentence) => (
            <p>{sentence}</p>
          ))}
        </div>
        <Form action={action} class="stack" label={title}>
          {children}
          {reason === 'none' ? null : <ReasonField isRequired={reason === 'required'} hint={reasonHint} />}
          <div class="actions">
            <Button kind={isDanger ? 'danger' : 'main'}>{button}</Button>
            <a class="button usual" href={back}>
              Leave it
            </a>
          </div>
        </Form>
      </div>
    </>
  )
}

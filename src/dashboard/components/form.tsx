import { type ComponentChildren, h } from 'preact'
import { useShell } from '../shell.ts'

interface FormProps {
  action: string
  class?: string
  /** What the form is called for those who do not see it. */
  label?: string
  children: ComponentChildren
}

/** A form that changes something: sent by POST, with the token that proves that it is ours. */
export function Form({ action, label, class: className, children }: FormProps) {
  const { csrf } = useShell()
  return (
    <form method="post" action={action} class={className} aria-label={label}>
      {csrf === '' ? null : <input type="hidden" name="_csrf" value={csrf} />}
      {children}
    </form>
  )
}

/** A form that only looks something up: its fields become the address's query. */
export function Search({ action, label, class: className, children }: FormProps) {
  return (
    <search>
      <form method="get" action={action} class={className ?? 'filter'} aria-label={label}>
        {children}
      </form>
    </search>
  )
}

interface FieldProps {
  name: string
  label: string
  value?: string | undefined
  /** What is to be said besides the label. */
  hint?: string
  type?: 'text' | 'password' | 'search' | 'datetime-local' | 'number'
  required?: boolean
  placeholder?: string
  autocomplete?: string
}

/** A line of text with its label. */
export function Field({ name, label, value, hint, type = 'text', ...rest }: FieldProps) {
  const hintId = hint === undefined ? undefined : `${name}-hint`
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {h('input', { id: name, name, type, value, 'aria-describedby': hintId, ...rest })}
      {hint === undefined ? null : (
        <p id={hintId} class="hint">
          {hint}
        </p>
      )}
    </div>
  )
}

interface ChoiceProps {
  name: string
  label: string
  value?: string | undefined
  /** Values, or values with what people see of them. */
  options: readonly (string | { value: string; text: string })[]
}

/** One of several values with its label. */
export function Choice({ name, label, value, options }: ChoiceProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        {options.map((option) => {
          const { value: each, text } = typeof option === 'string' ? { value: option, text: option } : option
          return (
            <option value={each} selected={each === (value ?? '')}>
              {text}
            </option>
          )
        })}
      </select>
    </div>
  )
}

/** A button that sends its form; `danger` for what cannot be taken back. */
export function Button({
  kind = 'usual',
  children,
}: {
  kind?: 'usual' | 'main' | 'danger'
  children: ComponentChildren
}) {
  return (
    <button type="submit" class={`button ${kind}`}>
      {children}
    </button>
  )
}

/** A link that looks like a button: to a page that asks before it does something. */
export function ButtonLink({
  href,
  kind = 'usual',
  children,
}: {
  href: string
  kind?: 'usual' | 'main' | 'danger'
  children: ComponentChildren
}) {
  return (
    <a href={href} class={`button ${kind}`}>
      {children}
    </a>
  )
}

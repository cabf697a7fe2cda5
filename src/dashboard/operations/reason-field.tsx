interface ReasonFieldProps {
  isRequired: boolean
  hint?: string | undefined
  value?: string | undefined
}

/** Where somebody says why. */
export function ReasonField({ isRequired, hint, value }: ReasonFieldProps) {
  return (
    <div class="field">
      <label for="reason">{isRequired ? 'Reason' : 'Reason (if there is one)'}</label>
      <textarea
        id="reason"
        name="reason"
        rows={2}
        maxLength={500}
        required={isRequired}
        aria-describedby={hint === undefined ? undefined : 'reason-hint'}
      >
        {value}
      </textarea>
      {hint === undefined ? null : (
        <p id="reason-hint" class="hint">
          {hint}
        </p>
      )}
    </div>
  )
}

import { useId } from 'react'
import { clsx } from 'clsx'

export const inputStyles =
  'w-full rounded-xl border border-line bg-surface px-4 text-base text-ink placeholder:text-muted aria-invalid:border-bad'

type Wiring = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }
type Props = {
  label: string
  hint?: React.ReactNode
  error?: string
  className?: string
  children: (wiring: Wiring) => React.ReactNode
}

/** A label, what is entered, a hint and what is wrong with it, tied together for those who hear the page. */
export function Field({ label, hint, error, className, children }: Props) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={clsx('grid content-start gap-1.5', className)}>
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      {children({
        id,
        ...(described ? { 'aria-describedby': described } : {}),
        ...(error ? { 'aria-invalid': true as const } : {}),
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-sm font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  )
}

type Shared = { label: string; hint?: React.ReactNode; error?: string; fieldClassName?: string }

export function TextField(props: Shared & React.ComponentProps<'input'>) {
  const { label, hint, error, fieldClassName, className, ...input } = props
  return (
    <Field label={label} hint={hint} error={error} className={fieldClassName}>
      {(wiring) => <input className={clsx(inputStyles, 'h-12', className)} {...wiring} {...input} />}
    </Field>
  )
}

export function TextArea(props: Shared & React.ComponentProps<'textarea'>) {
  const { label, hint, error, fieldClassName, className, ...area } = props
  return (
    <Field label={label} hint={hint} error={error} className={fieldClassName}>
      {(wiring) => <textarea rows={4} className={clsx(inputStyles, 'py-3', className)} {...wiring} {...area} />}
    </Field>
  )
}

/** The browser's own select: the best there is on every device. */
export function SelectField(props: Shared & React.ComponentProps<'select'>) {
  const { label, hint, error, fieldClassName, className, children, ...select } = props
  return (
    <Field label={label} hint={hint} error={error} className={fieldClassName}>
      {(wiring) => (
        <select className={clsx(inputStyles, 'h-12', className)} {...wiring} {...select}>
          {children}
        </select>
      )}
    </Field>
  )
}

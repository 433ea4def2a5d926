'use client'
import { useId } from 'react'

type Props = { label: string; hint?: string; checked: boolean; onChange: (checked: boolean) => void }

/** On or off, with effect at once. The whole row can be pressed. */
export function Switch({ label, hint, checked, onChange }: Props) {
  const id = useId()
  return (
    <label className="flex min-h-14 cursor-pointer items-center justify-between gap-4 py-4">
      <span className="grid gap-0.5">
        <span id={id} className="font-semibold">
          {label}
        </span>
        {hint && (
          <span id={`${id}-hint`} className="text-sm text-muted">
            {hint}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-labelledby={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="relative h-7 w-12 shrink-0 cursor-pointer appearance-none rounded-full border border-ink/40 bg-raised transition-colors before:absolute before:top-0.75 before:left-0.75 before:size-5 before:rounded-full before:bg-ink/60 before:transition-transform checked:border-accent checked:bg-accent checked:before:translate-x-5 checked:before:bg-on-accent focus-visible:rounded-full"
      />
    </label>
  )
}

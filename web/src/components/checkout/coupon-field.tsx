'use client'
import { Ticket, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { Field, inputStyles } from '@/components/ui/field'
import { useProblemWords } from '@/lib/api/words'
import { clsx } from 'clsx'

type Props = {
  applied: string | null
  busy: boolean
  problem: unknown
  onApply: (code: string) => void
  onRemove: () => void
}

export function CouponField({ applied, busy, problem, onApply, onRemove }: Props) {
  const t = useTranslations('checkout.coupon')
  const explain = useProblemWords()
  const remove = useRef<HTMLButtonElement>(null)
  // The field that had the focus has gone.
  useEffect(() => {
    if (applied) remove.current?.focus()
  }, [applied])

  if (applied)
    return (
      <div className="flex items-center justify-between gap-3 rounded-xl bg-good-soft py-1 pr-1 pl-4 text-good">
        <p role="status" className="flex min-w-0 items-center gap-2.5 font-semibold">
          <Ticket className="size-5 shrink-0" aria-hidden />
          <span className="min-w-0 break-words">{t('applied', { code: applied })}</span>
        </p>
        <button
          ref={remove}
          type="button"
          aria-label={t('remove')}
          onClick={onRemove}
          className="grid size-11 shrink-0 place-items-center rounded-full hover:bg-ink/7"
        >
          <X className="size-5" aria-hidden />
        </button>
      </div>
    )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const code = String(new FormData(event.currentTarget).get('code')).trim().toUpperCase()
        if (code) onApply(code)
      }}
    >
      <Field label={t('label')} error={problem ? explain(problem) : undefined}>
        {(wiring) => (
          <div className="flex gap-2">
            <input
              name="code"
              maxLength={64}
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              className={clsx(inputStyles, 'h-11 min-w-0 flex-1 uppercase')}
              {...wiring}
            />
            <Button type="submit" tone="outline" busy={busy}>
              {t('apply')}
            </Button>
          </div>
        )}
      </Field>
    </form>
  )
}

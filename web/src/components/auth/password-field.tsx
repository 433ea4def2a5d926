'use client'
import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Field, inputStyles } from '@/components/ui/field'
import { clsx } from 'clsx'

type Props = {
  label: string
  name: string
  autoComplete: 'current-password' | 'new-password'
  hint?: string
  error?: string
}

/** A password that can be shown, for those who type it by hand. */
export function PasswordField({ label, hint, error, ...input }: Props) {
  const t = useTranslations('auth')
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <div className="relative">
          <input
            type={shown ? 'text' : 'password'}
            required
            maxLength={1024}
            autoCapitalize="none"
            spellCheck={false}
            className={clsx(inputStyles, 'h-12 pr-12')}
            {...wiring}
            {...input}
          />
          <button
            type="button"
            aria-pressed={shown}
            aria-label={t('showPassword')}
            onClick={() => setShown(!shown)}
            className="absolute top-0.5 right-0.5 grid size-11 place-items-center rounded-xl text-muted hover:text-ink"
          >
            <Icon className="size-5" aria-hidden />
          </button>
        </div>
      )}
    </Field>
  )
}

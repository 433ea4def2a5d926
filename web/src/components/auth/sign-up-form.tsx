'use client'
import Link from 'next/link'
import { useState } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { useFieldWords } from '@/lib/api/fields'
import { answer, Problem } from '@/lib/api/problem'
import { markSignedIn } from '@/lib/api/session'
import { signInPath } from '@/lib/auth/next-path'
import { PasswordField } from './password-field'

export function SignUpForm({ next }: { next: string }) {
  const t = useTranslations('auth')
  const locale = useLocale()
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const said = useFieldWords(problem, ['display_name', 'email', 'password'])
  const taken = problem instanceof Problem && problem.code === 'email_taken'

  async function signUp(form: FormData) {
    const [display_name, email, password] = ['display_name', 'email', 'password'].map((name) => String(form.get(name)))
    setBusy(true)
    setProblem(undefined)
    try {
      markSignedIn(
        await answer(
          api.POST('/api/v1/auth/register', {
            body: { display_name: display_name ?? '', email: email ?? '', password: password ?? '' },
            headers: { 'Accept-Language': locale }, // the language that was chosen here, not the browser's
          }),
        ),
      )
      location.assign(next)
    } catch (cause) {
      setBusy(false)
      setProblem(cause)
    }
  }

  return (
    <div className="grid gap-5">
      <form
        method="post" // before scripts have come, no password gets into an address
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void signUp(new FormData(event.currentTarget))
        }}
      >
        {said.form && !taken && <Notice tone="bad">{said.form}</Notice>}
        <TextField
          label={t('displayName')}
          hint={t('displayNameHint')}
          name="display_name"
          autoComplete="name"
          required
          maxLength={80}
          error={said.display_name}
        />
        <TextField
          label={t('email')}
          name="email"
          type="email"
          autoComplete="email"
          autoCapitalize="none"
          required
          error={said.email ?? (taken ? said.form : undefined)}
        />
        <PasswordField
          label={t('password')}
          hint={t('passwordHint')}
          name="password"
          autoComplete="new-password"
          error={said.password}
        />
        <Button type="submit" size="lg" busy={busy} className="mt-1">
          {t('signUp')}
        </Button>
      </form>
      <p className="border-t border-line pt-3 text-[0.9375rem]">
        <Link href={signInPath(next)} className="inline-block py-2.5 font-semibold text-accent-strong hover:underline">
          {t('haveAccount')}
        </Link>
      </p>
    </div>
  )
}

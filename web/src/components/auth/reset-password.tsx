'use client'
import Link from 'next/link'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button, buttonStyles } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { useFieldWords } from '@/lib/api/fields'
import { answer } from '@/lib/api/problem'
import { markSignedOut } from '@/lib/api/session'
import { useLinkToken } from '@/lib/auth/link-token'
import { PasswordField } from './password-field'

/** Asks for the mail; with the mail's token sets the new password. */
export function ResetPassword() {
  const token = useLinkToken()
  if (token === undefined) return <Skeleton className="h-48" />
  return token ? <NewPassword token={token} /> : <AskForMail />
}

function AskForMail() {
  const t = useTranslations('auth.reset')
  const words = useTranslations('auth')
  const [askedFor, setAskedFor] = useState('')
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const said = useFieldWords(problem, ['email'])

  async function ask(email: string) {
    setBusy(true)
    setProblem(undefined)
    try {
      await answer(api.POST('/api/v1/auth/password/forgot', { body: { email } }))
      setAskedFor(email)
    } catch (cause) {
      setProblem(cause)
    }
    setBusy(false)
  }

  if (askedFor) return <Notice tone="good">{t('mailed', { email: askedFor })}</Notice>
  return (
    <form
      method="post"
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void ask(String(new FormData(event.currentTarget).get('email')))
      }}
    >
      <p className="text-muted">{t('text')}</p>
      {said.form && <Notice tone="bad">{said.form}</Notice>}
      <TextField
        label={words('email')}
        name="email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        required
        error={said.email}
      />
      <Button type="submit" size="lg" busy={busy}>
        {t('ask')}
      </Button>
    </form>
  )
}

function NewPassword({ token }: { token: string }) {
  const t = useTranslations('auth.reset')
  const words = useTranslations('auth')
  const [isDone, setDone] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const said = useFieldWords(problem, ['password'])

  async function set(password: string) {
    setBusy(true)
    setProblem(undefined)
    try {
      await answer(api.POST('/api/v1/auth/password/reset', { body: { token, password } }))
      markSignedOut() // every session has ended, also this browser's
      setDone(true)
    } catch (cause) {
      setProblem(cause)
    }
    setBusy(false)
  }

  if (isDone)
    return (
      <div className="grid gap-5">
        <Notice tone="good">{t('done')}</Notice>
        <Link href="/sign-in" className={buttonStyles({ size: 'lg' })}>
          {words('signIn')}
        </Link>
      </div>
    )
  return (
    <form
      method="post"
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void set(String(new FormData(event.currentTarget).get('password')))
      }}
    >
      {said.form && (
        <Notice tone="bad">
          {said.form}{' '}
          <a href="/reset" className="font-semibold underline">
            {t('askAgain')}
          </a>
        </Notice>
      )}
      <PasswordField
        label={t('newPassword')}
        hint={words('passwordHint')}
        name="password"
        autoComplete="new-password"
        error={said.password}
      />
      <Button type="submit" size="lg" busy={busy}>
        {t('set')}
      </Button>
    </form>
  )
}

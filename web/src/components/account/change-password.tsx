'use client'
import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslations } from 'use-intl'
import { PasswordField } from '@/components/auth/password-field'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { useFieldWords } from '@/lib/api/fields'
import { useMe } from '@/lib/api/me'
import { answer } from '@/lib/api/problem'
import { Section } from './section'

export function ChangePassword() {
  const t = useTranslations('settings.security')
  const auth = useTranslations('auth')
  const form = useRef<HTMLFormElement>(null)
  const { data: me } = useMe()
  const change = useMutation({
    mutationFn: (body: { current: string; password: string }) =>
      answer(api.POST('/api/v1/auth/password/change', { body })),
    onSuccess: () => form.current?.reset(),
  })
  const said = useFieldWords(change.error, ['current', 'password'])
  return (
    <Section title={t('password')} text={t('others')}>
      <form
        ref={form}
        method="post"
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          const entered = new FormData(event.currentTarget)
          change.mutate({ current: String(entered.get('current')), password: String(entered.get('password')) })
        }}
      >
        {said.form && <Notice tone="bad">{said.form}</Notice>}
        {change.isSuccess && <Notice tone="good">{t('changed')}</Notice>}
        {/* Tells password managers whose password this is. */}
        <input type="text" hidden readOnly autoComplete="username" value={me?.email ?? ''} />
        <PasswordField label={t('current')} name="current" autoComplete="current-password" error={said.current} />
        <PasswordField
          label={t('new')}
          hint={auth('passwordHint')}
          name="password"
          autoComplete="new-password"
          error={said.password}
        />
        <Button type="submit" busy={change.isPending} className="justify-self-start">
          {t('change')}
        </Button>
      </form>
    </Section>
  )
}

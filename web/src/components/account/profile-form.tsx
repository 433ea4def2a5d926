'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { SelectField, TextField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { chooseLocale } from '@/i18n/choose'
import { isLocale, locales } from '@/i18n/locales'
import { api } from '@/lib/api/client'
import { useFieldWords } from '@/lib/api/fields'
import { meKey } from '@/lib/api/me'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { Section } from './section'

const languageNames = { en: 'English', ko: '한국어' }

export function ProfileForm({ me }: { me: components['schemas']['UserView'] }) {
  const t = useTranslations('settings.profile')
  const common = useTranslations('common')
  const queries = useQueryClient()
  const router = useRouter()
  const save = useMutation({
    mutationFn: (body: { display_name: string; locale: string }) => answer(api.PATCH('/api/v1/me', { body })),
    onSuccess: (saved) => {
      queries.setQueryData(meKey, saved)
      if (isLocale(saved.locale)) chooseLocale(saved.locale)
      router.refresh()
    },
  })
  const said = useFieldWords(save.error, ['display_name', 'locale'])
  return (
    <Section title={t('about')}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          save.mutate({ display_name: String(form.get('display_name')), locale: String(form.get('locale')) })
        }}
      >
        {said.form && <Notice tone="bad">{said.form}</Notice>}
        <TextField
          label={t('displayName')}
          hint={t('displayNameHint')}
          name="display_name"
          autoComplete="name"
          required
          maxLength={80}
          defaultValue={me.display_name}
          error={said.display_name}
        />
        <TextField
          label={t('email')}
          hint={t('emailHint')}
          type="email"
          readOnly
          value={me.email}
          className="bg-raised"
        />
        <SelectField
          label={t('language')}
          hint={t('languageHint')}
          name="locale"
          defaultValue={me.locale}
          error={said.locale}
        >
          {locales.map((each) => (
            <option key={each} value={each}>
              {languageNames[each]}
            </option>
          ))}
        </SelectField>
        <div className="flex items-center gap-4">
          <Button type="submit" busy={save.isPending}>
            {common('save')}
          </Button>
          <p role="status" className="text-sm font-semibold text-good">
            {save.isSuccess && common('saved')}
          </p>
        </div>
      </form>
    </Section>
  )
}

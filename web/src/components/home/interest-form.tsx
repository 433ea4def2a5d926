'use client'
import { Check } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { keepChoice } from '@/i18n/choose'
import { interestsCookie, writtenInterests } from '@/lib/catalog/interests'
import type { Category } from '@/lib/catalog/types'

type Props = { categories: readonly Category[]; chosen: readonly string[] }

export function InterestForm({ categories, chosen: before }: Props) {
  const t = useTranslations('browse')
  const router = useRouter()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(before))
  const [busy, start] = useTransition()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        keepChoice(interestsCookie, writtenInterests(chosen))
        start(() => {
          router.push('/')
          router.refresh()
        })
      }}
    >
      <fieldset>
        <legend className="sr-only">{t('interests')}</legend>
        <div className="flex flex-wrap gap-3">
          {categories.map(({ slug, name }) => (
            <label
              key={slug}
              className="inline-flex h-13 cursor-pointer items-center gap-2 rounded-full border border-line bg-surface px-5 font-semibold transition-colors hover:border-ink/40 has-checked:border-ink has-checked:bg-ink has-checked:text-paper has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
            >
              <input
                type="checkbox"
                name="interest"
                value={slug}
                checked={chosen.has(slug)}
                onChange={({ target }) => {
                  const next = new Set(chosen)
                  if (target.checked) next.add(slug)
                  else next.delete(slug)
                  setChosen(next)
                }}
                className="peer sr-only"
              />
              <Check className="hidden size-4 peer-checked:block" aria-hidden />
              {name}
            </label>
          ))}
        </div>
      </fieldset>
      <Button type="submit" size="lg" busy={busy} className="mt-8">
        {t('showCourses')}
      </Button>
    </form>
  )
}

'use client'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { inputStyles } from '@/components/ui/field'

type Props = { label: string; asked: string | undefined; onSearch: (text: string | undefined) => void }

export function Search({ label, asked, onSearch }: Props) {
  const t = useTranslations('common')
  return (
    <form
      role="search"
      aria-label={label}
      className="mb-4 flex max-w-xl gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(String(new FormData(event.currentTarget).get('q')).trim() || undefined)
      }}
    >
      <input
        key={asked}
        type="search"
        name="q"
        defaultValue={asked}
        maxLength={200}
        aria-label={label}
        placeholder={label}
        className={`${inputStyles} h-11`}
      />
      <Button type="submit" tone="outline">
        {t('search')}
      </Button>
    </form>
  )
}

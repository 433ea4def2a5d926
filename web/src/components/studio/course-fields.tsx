'use client'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'use-intl'
import { SelectField, TextArea, TextField } from '@/components/ui/field'
import { formatMoney } from '@/lib/money'
import { currencies, languages, levels, pricesOf, type CourseDraft } from './course-draft'
import { categoriesQuery } from './queries'

type Props = {
  draft: CourseDraft
  onChange: (change: Partial<CourseDraft>) => void
  /** Whether what was typed has been sent: only then are amounts complained of. */
  checked: boolean
  brief?: boolean
}

/** What is said about a course; `brief` is what a new one needs. */
export function CourseFields({ draft, onChange, checked, brief = false }: Props) {
  const t = useTranslations('studio.form')
  const words = useTranslations('studio.levels')
  const locale = useLocale()
  const categories = useQuery(categoriesQuery)
  const names = new Intl.DisplayNames(locale, { type: 'language' })
  const { price, listPrice } = pricesOf(draft)
  const example = formatMoney(
    { amount_minor: draft.currency === 'KRW' ? 49_000 : 4_900, currency: draft.currency },
    locale,
  )
  const known = languages.some((each) => each === draft.language) ? languages : [draft.language, ...languages]
  return (
    <div className="grid gap-5">
      <TextField
        label={t('title')}
        required
        maxLength={200}
        value={draft.title}
        onChange={(event) => onChange({ title: event.target.value })}
      />
      <TextField
        label={t('subtitle')}
        hint={t('subtitleHint')}
        maxLength={300}
        value={draft.subtitle}
        onChange={(event) => onChange({ subtitle: event.target.value })}
      />
      {!brief && (
        <TextArea
          label={t('description')}
          hint={t('descriptionHint')}
          rows={8}
          maxLength={20_000}
          value={draft.description}
          onChange={(event) => onChange({ description: event.target.value })}
        />
      )}
      <div className="grid gap-5 sm:grid-cols-3">
        <SelectField
          label={t('category')}
          required
          value={draft.category}
          onChange={(event) => onChange({ category: event.target.value })}
        >
          {draft.category === '' && <option value="" />}
          {categories.data?.items.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t('level')}
          value={draft.level}
          onChange={(event) => onChange({ level: levels.find((each) => each === event.target.value) ?? draft.level })}
        >
          {levels.map((each) => (
            <option key={each} value={each}>
              {words(each)}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t('language')}
          value={draft.language}
          onChange={(event) => onChange({ language: event.target.value })}
        >
          {known.map((each) => (
            <option key={each} value={each}>
              {names.of(each)}
            </option>
          ))}
        </SelectField>
      </div>
      <div className="grid gap-5 sm:grid-cols-3">
        <TextField
          label={t('price')}
          hint={t('priceHint')}
          error={checked && price === null ? t('priceInvalid', { example }) : undefined}
          inputMode="decimal"
          required
          value={draft.price}
          onChange={(event) => onChange({ price: event.target.value })}
        />
        <SelectField
          label={t('currency')}
          value={draft.currency}
          onChange={(event) => onChange({ currency: event.target.value })}
        >
          {currencies.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </SelectField>
        {!brief && (
          <TextField
            label={t('listPrice')}
            hint={t('listPriceHint')}
            error={checked && listPrice === 'invalid' ? t('priceInvalid', { example }) : undefined}
            inputMode="decimal"
            value={draft.listPrice}
            onChange={(event) => onChange({ listPrice: event.target.value })}
          />
        )}
      </div>
    </div>
  )
}

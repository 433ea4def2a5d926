import { clsx } from 'clsx'

const shapes = {
  star: <path d="m12 2.5 2.9 6 6.6.9-4.8 4.6 1.2 6.5-5.9-3.1-5.9 3.1 1.2-6.5-4.8-4.6 6.6-.9z" />,
  clock: (
    <>
      <circle cx="12" cy="12" r="10" />
      <path d="M12 6v6l4 2" />
    </>
  ),
  text: <path d="M14 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8zv6h6M8 13h8M8 17h8" />,
}

type Props = { name: keyof typeof shapes; className?: string }

/** A sign of a course's card. A page has a hundred of them: as plain drawings they give the browser nothing to wake. */
export function Icon({ name, className }: Props) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      className={clsx('size-4', className)}
    >
      {shapes[name]}
    </svg>
  )
}

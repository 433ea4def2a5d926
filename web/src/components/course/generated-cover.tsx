import { artOf, type Art } from '@/lib/catalog/art'

type Props = { of: string; className?: string }

/** The picture of a course without one. */
export function GeneratedCover({ of: id, className }: Props) {
  const { motif, hue } = artOf(id)
  return <Artwork motif={motif} hue={hue} className={className} />
}

export function Artwork({ motif, hue, className }: Art & { className?: string }) {
  const colours = palette(hue)
  return (
    <svg viewBox="0 0 320 200" preserveAspectRatio="xMidYMid slice" aria-hidden className={className}>
      <rect width="320" height="200" fill={colours.paper} />
      {drawings[motif](colours)}
    </svg>
  )
}

type Colours = ReturnType<typeof palette>

function palette(hue: number) {
  const hsl = (turn: number, saturation: number, lightness: number) =>
    `hsl(${(hue + turn + 360) % 360} ${saturation}% ${lightness}%)`
  return {
    paper: hsl(0, 52, 88),
    main: hsl(0, 66, 52),
    warm: hsl(24, 74, 64),
    deep: hsl(-18, 46, 26),
    pale: hsl(-40, 56, 78),
  }
}

const drawings: Record<Art['motif'], (colours: Colours) => React.ReactNode> = {
  arc: ({ main, warm, deep }) => (
    <>
      <circle cx="92" cy="200" r="132" fill={warm} />
      <circle cx="92" cy="200" r="88" fill={main} />
      <circle cx="92" cy="200" r="44" fill={deep} />
      <path
        d="M176 156C206 40 262 28 300 34"
        fill="none"
        stroke={deep}
        strokeWidth="5"
        strokeLinecap="round"
        strokeDasharray="1 15"
      />
      <circle cx="300" cy="34" r="13" fill={main} />
    </>
  ),
  steps: ({ main, warm, deep, pale }) =>
    [pale, warm, main, deep, warm].map((fill, step) => (
      <rect key={step} x={26 + step * 56} y={150 - step * 28} width="44" height={60 + step * 28} rx="7" fill={fill} />
    )),
  sun: ({ main, warm, deep }) => (
    <>
      <circle cx="206" cy="88" r="58" fill={main} />
      <path d="M0 132q80-44 160 0t160 0v68H0z" fill={warm} />
      <path d="M0 158q80-36 160 0t160 0v42H0z" fill={deep} opacity=".85" />
    </>
  ),
  orbit: ({ main, warm, deep }) => (
    <>
      <circle cx="160" cy="102" r="82" fill="none" stroke={main} strokeWidth="4" />
      <circle cx="160" cy="102" r="50" fill="none" stroke={deep} strokeWidth="4" strokeDasharray="7 9" />
      <circle cx="160" cy="102" r="25" fill={main} />
      <circle cx="233" cy="63" r="15" fill={deep} />
      <circle cx="112" cy="116" r="10" fill={warm} />
      <circle cx="98" cy="49" r="8" fill={deep} />
    </>
  ),
  tiles: ({ paper, main, warm, deep, pale }) =>
    Array.from({ length: 24 }, (_, place) => {
      const [column, row] = [place % 8, Math.floor(place / 8)]
      const fill = [deep, pale, main, paper, warm][(place * 7 + row * 3) % 5]
      const [x, y] = [column * 40, row * 67]
      const quarter = (place * 5 + row) % 3 !== 0
      return (
        <path key={place} d={quarter ? `M${x} ${y + 67}a40 67 0 0 1 40-67v67z` : `M${x} ${y}h40v67h-40z`} fill={fill} />
      )
    }),
  waves: ({ main, warm, deep, pale }) =>
    [deep, main, warm, main, deep, pale].map((stroke, wave) => (
      <path
        key={wave}
        d={`M-10 ${46 + wave * 27}c60-${54 - wave * 6} 110 ${54 - wave * 6} 170 0s110-${40 - wave * 4} 170 0`}
        fill="none"
        stroke={stroke}
        strokeWidth={11 - wave}
        strokeLinecap="round"
      />
    )),
}

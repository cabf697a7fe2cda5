/** Drawings of 16 by 16, in the colour of the text around them; none says anything that the text does not. */
const paths = {
  success:
    'M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2Zm3.4 5.3L7.3 10.9a.8.8 0 0 1-1.2 0L4.5 9.2l1.1-1.1 1.1 1.2 3.6-3.8Z',
  failure:
    'M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2Zm2.9 8.7-1 1L8 9l-1.9 1.9-1-1L7 8 5.1 6.1l1-1L8 7l1.9-1.9 1 1L9 8Z',
  error:
    'M8.9 2a1 1 0 0 0-1.8 0L1.3 12.6a1 1 0 0 0 .9 1.5h11.6a1 1 0 0 0 .9-1.5ZM7.2 5.8h1.6l-.2 4H7.4Zm.8 6.7a.9.9 0 1 1 0-1.8.9.9 0 0 1 0 1.8Z',
  running:
    'M8 1.2a6.8 6.8 0 0 1 6.8 6.8h-1.6A5.2 5.2 0 0 0 8 2.8Zm0 1.6V1.2a6.8 6.8 0 1 0 6.8 6.8h-1.6A5.2 5.2 0 1 1 8 2.8Z',
  waiting:
    'M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2Zm0 1.6a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8Zm-.7 1.7h1.4v3.2l2.2 1.3-.7 1.2-2.9-1.7Z',
  over: 'M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2Zm0 1.6a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8ZM5 7.3h6v1.4H5Z',
  lock: 'M4.5 7V5a3.5 3.5 0 1 1 7 0v2h.5a1 1 0 0 1 1 1v5.5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1Zm1.5 0h4V5a2 2 0 1 0-4 0Z',
  freeze:
    'M7.3 1h1.4v3l1.5-1 .8 1.2-2.3 1.5v1.1l1-.5.2-2.8 1.5.1-.2 1.8 2.5-1.4.7 1.2-2.5 1.5 1.6.8-.6 1.3-2.5-1.2-1 .4 1 .4 2.5-1.2.6 1.3-1.6.8 2.5 1.5-.7 1.2-2.5-1.4.2 1.8-1.5.1-.2-2.8-1-.5v1.1l2.3 1.5-.8 1.2-1.5-1v3H7.3v-3l-1.5 1L5 11.9l2.3-1.5V9.3l-1 .5-.2 2.8-1.5-.1.2-1.8L2.3 12l-.7-1.2 2.5-1.5-1.6-.8.6-1.3 2.5 1.2 1-.4-1-.4-2.5 1.2-.6-1.3 1.6-.8-2.5-1.5.7-1.2 2.5 1.4-.2-1.8 1.5-.1.2 2.8 1 .5V5.7L5 4.2 5.8 3l1.5 1Z',
} as const

export type IconName = keyof typeof paths

/** All drawings, once a page: wherever one is shown, it is told by name. */
export function Drawings() {
  return (
    <svg class="drawings" width="0" height="0" aria-hidden="true" focusable="false">
      {Object.entries(paths).map(([name, path]) => (
        <symbol id={`icon-${name}`} viewBox="0 0 16 16">
          <path d={path} fill="currentColor" fill-rule="evenodd" />
        </symbol>
      ))}
    </svg>
  )
}

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon ${name}`} aria-hidden="true">
      <use href={`#icon-${name}`} />
    </svg>
  )
}

/** Livraison's sign: something on its way to where it belongs. */
export function Mark() {
  return (
    <svg class="mark" width="22" height="22" viewBox="0 0 22 22" aria-hidden="true" focusable="false">
      <rect x="1" y="1" width="20" height="20" rx="6" class="mark-ground" />
      <path
        d="M6 5.5v8.2a2 2 0 0 0 2 2h8M12.8 12.6l3.2 3.1-3.2 3.1"
        class="mark-line"
        transform="translate(0 -1)"
      />
    </svg>
  )
}

/** What is made when it is first asked for. */

export function onceAsked<Made>(make: () => Made): () => Made {
  let made: {value: Made} | undefined
  return () => {
    made ??= {value: make()}
    return made.value
  }
}

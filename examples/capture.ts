/** A small capture for the examples: a connection of two requests, the second of them sent twice. */

/** Its file, pcapng and gzip, in base64. */
const FILE = `
H4sIAAAAAAACA+2VMUvDQBiGn0uTSkMrrVMRh46FtuJa6xDQgosQHZw62smlOHR2st1dOxREEFcF/4ZjoRTdnKRxUETQyHkZ
riWpWRyEvHDc3cfdw3s3vJ+dy9lrwN5WZVUAfiBZk/sS0EYpgyATrGU9DbjBfv/krAgfzxuAHE014aTBBmGDMXB+jh/Jesfw
fTkbpnWbSi0JN4xXq0wjeIZk4g4cEFVpsbMSztvVeMOb6rQMlBWvHOGvDaLm5sUbwX3JaWkcZ3N9WgfqilNfyCkqTphaIR6d
wbEX4VF/cw3ounnxqXt8NzXO5ZU3MkGOJuZoIaeoOIkSJUr0XyTzbj4/HyvXXoyM74I1cfPiNSrjT5/uvBgZrzgxMn6G/VD4
+jN2dttvAA3FboTnvjUBeotyP6w3lc53/Bh/2wPLm/9bncPFOD6nEM45kJz7rPi9V1oe0HcLs71S5wwPl0UMP32wXvR3fQOR
Dr8xPAkAAA==
`;

/** The bytes of the file. */
export const capture: Uint8Array = Uint8Array.from(atob(FILE.trim().replaceAll("\n", "")), (c) =>
  c.charCodeAt(0),
);

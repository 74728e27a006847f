/** Words and rows of keys that lists of leaked passwords begin with; only what twelve characters can be made of by adding to them. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `password passwort motdepasse contraseña passw0rd p@ssword p@ssw0rd pa55word pa$$word iloveyou princess sunshine football baseball superman batman
  dragon monkey shadow master welcome letmein login admin administrator root user guest test testtest changeme changeit default secret trustno1 qwerty
  qwertyuiop qwertz qwertzuiop azerty azertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc qazwsx qazwsxedc
  q1w2e3r4 q1w2e3r4t5y6 abc123 abcabc abcd1234 a1b2c3d4 a1b2c3d4e5f6 abcdef abcdefg abcdefgh abcdefghijkl 123456 1234567 12345678 123456789 1234567890
  123456789012 1234567890123 012345678901 0123456789 987654321 9876543210 987654321098 123123 123123123 123123123123 121212 112233 112233445566 111222333444
  password1 password12 password123 password1234 password12345 mypassword newpassword passwordpassword michael jennifer charlie jordan andrew
  computer internet security corduroy company summer winter spring autumn hello whatever freedom starwars pokemon samsung google microsoft apple
  liverpool arsenal chelsea manchester barcelona ferrari mercedes`.split(/\s+/),
);

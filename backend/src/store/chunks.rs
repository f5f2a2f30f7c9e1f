//! Many rows in one statement. SQLite prepares a statement once for each number of rows, so there are few of these.

/// How many rows a statement may take, the most first.
pub(super) const SIZES: [usize; 4] = [64, 16, 4, 1];

/// The same statement for each of [`SIZES`].
pub(super) type Sized = [String; SIZES.len()];

/// Cuts into pieces that a statement fits; with each comes the position of its size in [`SIZES`].
pub(super) fn chunks<T>(mut rest: &[T]) -> impl Iterator<Item = (usize, &[T])> {
    std::iter::from_fn(move || {
        let size = SIZES.iter().position(|size| *size <= rest.len())?;
        let (chunk, tail) = rest.split_at(SIZES[size]);
        rest = tail;
        Some((size, chunk))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_piece_and_each_piece_has_a_statement() {
        for count in 0..200 {
            let rows: Vec<usize> = (0..count).collect();
            let pieces: Vec<_> = chunks(&rows).collect();
            assert!(
                pieces
                    .iter()
                    .all(|(size, piece)| SIZES[*size] == piece.len())
            );
            let together: Vec<usize> = pieces
                .iter()
                .flat_map(|(_, piece)| piece.to_vec())
                .collect();
            assert_eq!(together, rows);
        }
    }
}

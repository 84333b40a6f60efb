"""CSV and XLSX as spreadsheets and other programs read and write them."""

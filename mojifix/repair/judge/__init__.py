"""The judgement: which candidates fit their document, which would do harm, which are applied."""
